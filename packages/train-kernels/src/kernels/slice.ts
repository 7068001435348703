import { slice_util, type TensorInfo } from '@tensorflow/tfjs'
import { blockCopy, copyBlock } from '../elementwise/copy-block.js'
import { areFilledFloats, input, sizeOf, type TrainingKernel } from '../tfjs/training-kernel.js'
import { addressOf, allocate, float32View } from '../tfjs/wasm-backend.js'

/** A block of x: attributes begin and size, as tfjs has them. */
export const slice: TrainingKernel = {
  name: 'Slice',
  run({ backend, inputs, attrs }) {
    const x = inputs.x as TensorInfo
    const [begin, size] = slice_util.parseSliceParams(x, attrs.begin as number[], attrs.size as number[]) as [
      begin: number[],
      size: number[],
    ]
    slice_util.assertParamsValid(x, begin, size)
    const copy = blockCopy(size, x.shape, size)
    if (!copy || !areFilledFloats(x) || size.some((n) => n === 0)) return undefined
    const y = allocate(backend, size)
    copyBlock(backend, copy, addressOf(backend, x) + 4 * offsetOf(begin, x.shape), addressOf(backend, y))
    return y
  },
}

/** x within a constant: attributes paddings, [before, after] of each axis, and constantValue. */
export const pad: TrainingKernel = {
  name: 'PadV2',
  run(call) {
    const { backend, attrs } = call
    const x = input(call, 'x')
    const paddings = attrs.paddings as [number, number][]
    const shape = x.shape.map((n, axis) => n + paddings[axis]![0] + paddings[axis]![1])
    const copy = blockCopy(x.shape, x.shape, shape)
    if (!copy || !areFilledFloats(x)) return undefined
    const y = allocate(backend, shape)
    if (sizeOf(y) > sizeOf(x)) float32View(backend, y).fill(attrs.constantValue as number)
    const first = offsetOf(
      paddings.map(([before]) => before),
      shape,
    )
    copyBlock(backend, copy, addressOf(backend, x), addressOf(backend, y) + 4 * first)
    return y
  },
}

/** Values before the one at these indices. */
const offsetOf = (indices: readonly number[], shape: readonly number[]) =>
  indices.reduce((offset, index, axis) => offset * shape[axis]! + index, 0)
