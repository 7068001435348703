import { type Tensor, writeSafetensors } from '@lowbit/safetensors'
import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { loadPyTorchWeights } from './pytorch-weights.js'

const network = (...layers: tf.layers.Layer[]) => tf.sequential({ layers })
const f32 = (shape: number[]): Tensor => {
  const data = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => i)
  return { dtype: 'F32', shape, data }
}

describe('loadPyTorchWeights', () => {
  it('turns OIHW into HWIO, [out, in] into [in, out], and skips the count of batches', () => {
    const model = network(
      tf.layers.conv2d({ inputShape: [5, 5, 2], filters: 3, kernelSize: [1, 2], name: 'conv1' }),
      tf.layers.batchNormalization({ name: 'bn1' }),
      tf.layers.globalAveragePooling2d({}),
      tf.layers.dense({ units: 4, name: 'fc' }),
    )
    const file = {
      'conv1.weight': f32([3, 2, 1, 2]),
      'conv1.bias': f32([3]),
      'bn1.weight': f32([3]),
      'bn1.bias': f32([3]),
      'bn1.running_mean': f32([3]),
      'bn1.running_var': f32([3]),
      'bn1.num_batches_tracked': { dtype: 'I64', shape: [], data: BigInt64Array.of(7n) } satisfies Tensor,
      'fc.weight': f32([4, 3]),
      'fc.bias': f32([4]),
    }
    loadPyTorchWeights(model, writeSafetensors(Object.entries(file)))
    const [kernel, , , , dense] = model.getWeights()
    // [y][x][channel][filter]; in the file filter f, channel c, column x is number 4f + 2c + x.
    expect(kernel!.arraySync()).toEqual([
      [
        [
          [0, 4, 8],
          [2, 6, 10],
        ],
        [
          [1, 5, 9],
          [3, 7, 11],
        ],
      ],
    ])
    expect((dense!.arraySync() as number[][])[1]).toEqual([1, 4, 7, 10])
  })

  it('refuses a linear layer behind a flattened image', () => {
    const model = network(
      tf.layers.flatten({ inputShape: [2, 2, 3] }),
      tf.layers.dense({ units: 1, useBias: false, name: 'fc' }),
    )
    const bytes = writeSafetensors(Object.entries({ 'fc.weight': f32([1, 12]) }))
    expect(() => loadPyTorchWeights(model, bytes)).toThrow('layer fc reads a flattened image [2,2,3]')
  })

  it('takes a linear layer behind a flattened pixel', () => {
    const model = network(
      tf.layers.flatten({ inputShape: [1, 1, 3] }),
      tf.layers.dense({ units: 1, useBias: false, name: 'fc' }),
    )
    loadPyTorchWeights(model, writeSafetensors(Object.entries({ 'fc.weight': f32([1, 3]) })))
    expect(model.getWeights()[0]!.arraySync()).toEqual([[0], [1], [2]])
  })

  it('refuses what it has no PyTorch name for', () => {
    const embedding = network(tf.layers.embedding({ inputDim: 3, outputDim: 2, inputLength: 1, name: 'words' }))
    expect(() => loadPyTorchWeights(embedding, writeSafetensors([]))).toThrow('cannot name words/embeddings')
    const row = network(tf.layers.conv1d({ inputShape: [4, 2], filters: 1, kernelSize: 2, name: 'row' }))
    expect(() => loadPyTorchWeights(row, writeSafetensors([]))).toThrow('layer row is a Conv1D')
  })
})
