import { type TensorInfo, util } from '@tensorflow/tfjs'
import { channelTotals } from '../channels/channel-totals.js'
import { totalsOf } from '../channels/known-totals.js'
import { sumOf } from '../channels/summations.js'
import { areFilledFloats, input, type KernelCall, sizeOf, type TrainingKernel } from '../tfjs/training-kernel.js'
import { addressOf, allocate, float32View } from '../tfjs/wasm-backend.js'

/** Sum over the first axes, or over all of them: a bias's gradient, for one. Other axes are left to tfjs. */
export const sum: TrainingKernel = { name: 'Sum', run: (call) => reduced(call, () => 1) }

/** Mean over the first axes, or over all of them. */
export const mean: TrainingKernel = { name: 'Mean', run: (call) => reduced(call, (count) => count) }

/** Numbers that stay: beyond that many the sums of one would have too much to carry along. */
const mostChannels = 1 << 14

function reduced(call: KernelCall, divisor: (count: number) => number): TensorInfo | undefined {
  const { backend, attrs } = call
  const x = input(call, 'x')
  const axes = util.parseAxisParam((attrs.axis ?? null) as number | number[], x.shape).sort((a, b) => a - b)
  const channels = x.shape.slice(axes.length).reduce((product, n) => product * n, 1)
  if (!areFilledFloats(x) || axes.some((axis, i) => axis !== i) || channels > mostChannels) return undefined
  const kept = x.shape.slice(axes.length)
  const y = allocate(backend, attrs.keepDims ? [...axes.map(() => 1), ...kept] : kept)
  const count = sizeOf(x) / channels
  const known = totalsOf(x)?.sums
  const sums =
    known?.length === channels ? known : channelTotals(backend, sumOf, { x: addressOf(backend, x) }, count, channels)[0]
  float32View(backend, y).set(sums!.map((total) => total / divisor(count)))
  return y
}
