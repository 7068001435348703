import { input, numberAttribute, type TrainingKernel } from '../tfjs/training-kernel.js'
import { allocate, float32View, int32View } from '../tfjs/wasm-backend.js'

/** sums[s, ...] = sum of x[i, ...] over the i with segmentIds[i] = s: the gradient of gather. Ids outside 0..numSegments - 1 count nowhere. */
export const segmentSum: TrainingKernel = {
  name: 'UnsortedSegmentSum',
  run(call) {
    const { backend } = call
    const [x, segmentIds] = [input(call, 'x'), input(call, 'segmentIds')]
    const segments = numberAttribute(call, 'numSegments')
    if (x.dtype !== 'float32' || segmentIds.dtype !== 'int32') return undefined
    const inner = x.shape.slice(segmentIds.shape.length)
    const sums = allocate(backend, [segments, ...inner])
    const [from, to, ids] = [float32View(backend, x), float32View(backend, sums), int32View(backend, segmentIds)]
    const length = inner.reduce((product, n) => product * n, 1)
    to.fill(0)
    for (const [i, segment] of ids.entries()) {
      if (segment < 0 || segment >= segments) continue
      for (let j = 0; j < length; j++) to[segment * length + j]! += from[i * length + j]!
    }
    return sums
  },
}
