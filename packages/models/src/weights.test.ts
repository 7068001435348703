import { readSafetensors, type Tensor, writeSafetensors } from '@lowbit/safetensors'
import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { resnet } from './resnet.js'
import { loadWeights, saveWeights } from './weights.js'

const network = (seed: number) => {
  const image = tf.input({ shape: [4, 4, 3] })
  const features = tf.layers.conv2d({ filters: 2, kernelSize: 3, name: 'conv', kernelInitializer: initializer(seed) })
  const norm = tf.layers.batchNormalization({ name: 'norm' })
  return tf.model({ inputs: image, outputs: norm.apply(features.apply(image)) as tf.SymbolicTensor })
}
const initializer = (seed: number) => tf.initializers.randomUniform({ seed, minval: -1, maxval: 1 })
const values = (model: tf.LayersModel) => model.getWeights().map((weight) => [...weight.dataSync()])

describe('saveWeights and loadWeights', () => {
  it('carry every weight over', async () => {
    const [from, to] = [network(1), network(2)]
    const bytes = await saveWeights(from)
    expect([...readSafetensors(bytes).tensors.keys()]).toEqual([
      'conv/bias',
      'conv/kernel',
      'norm/beta',
      'norm/gamma',
      'norm/moving_mean',
      'norm/moving_variance',
    ])
    expect(values(to)).not.toEqual(values(from))
    loadWeights(to, bytes)
    expect(values(to)).toEqual(values(from))
    expect(await saveWeights(to)).toEqual(bytes)
  })

  it('carry a residual network over, and leave no tensor behind', async () => {
    const [from, to] = [resnet('ResNet-20', { seed: 1 }), resnet('ResNet-20', { seed: 2 })]
    const tensors = tf.memory().numTensors
    loadWeights(to, await saveWeights(from))
    expect(tf.memory().numTensors).toBe(tensors)
    expect(values(to)).toEqual(values(from))
  })

  it('do not share memory with the file', async () => {
    const model = network(1)
    const bytes = await saveWeights(model)
    loadWeights(model, bytes)
    const before = values(model)
    bytes.fill(0)
    expect(values(model)).toEqual(before)
  })

  const changed: [string, (tensors: Map<string, Tensor>) => void, string][] = [
    ['lacks a weight', (tensors) => tensors.delete('norm/gamma'), 'the file lacks norm/gamma'],
    ['holds one too many', (tensors) => tensors.set('x/kernel', f32([1])), 'the file holds x/kernel'],
    [
      'holds another shape',
      (tensors) => tensors.set('conv/bias', f32([1, 2, 3])),
      'conv/bias has shape [3]; expected [2]',
    ],
    [
      'holds another type',
      (tensors) => tensors.set('conv/bias', { dtype: 'I32', shape: [2], data: Int32Array.of(1, 2) }),
      'conv/bias is I32; expected F32',
    ],
  ]
  it.each(changed)('refuse a file that %s and leave the model alone', async (_, change, message) => {
    const model = network(1)
    const before = values(model)
    const tensors = new Map(readSafetensors(await saveWeights(network(2))).tensors)
    change(tensors)
    expect(() => loadWeights(model, writeSafetensors(tensors))).toThrow(
      expect.objectContaining({ name: 'ModelError', code: 'WEIGHTS', message: expect.stringContaining(message) }),
    )
    expect(values(model)).toEqual(before)
  })
})

const f32 = (data: number[]): Tensor => ({ dtype: 'F32', shape: [data.length], data: Float32Array.from(data) })
