import { quantizedLayer, quantizeFilters, quantizeInput, quantizeModel } from '@lowbit/quantizers/tfjs'
import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { chain } from '../test/chain.js'
import { lower } from './lower.js'

const { activation, conv2d, dense, flatten, maxPooling2d, zeroPadding2d } = tf.layers

describe('lower refuses', () => {
  const half = () => {
    const model = quantizeModel(chain(conv2d({ filters: 4, kernelSize: 3, name: 'half' })), { bits: 3 })
    return { model, layer: quantizedLayer(model, 'half') }
  }
  const range = { scale: 0.25, zeroPoint: 1, levels: 8 }

  it('a layer that is quantized in part', () => {
    const { model, layer } = half()
    quantizeInput(layer, range)
    expect(() => lower(model)).toThrow('half has a quantized input and float weights')
    quantizeFilters(layer, { from: 0, to: 3 }, range)
    expect(() => lower(model)).toThrow('half has 27 of 108 weights still float')
    layer.setInputRange(null)
    expect(() => lower(model)).toThrow('half has quantized weights and a float input')
  })

  it('a layer that is quantized in part', () => {
    const { model, layer } = half()
    quantizeInput(layer, range)
    quantizeFilters(layer, { from: 0, to: 4 }, range)
    layer.setStrength(0.5)
    expect(() => lower(model)).toThrow('half is quantized with strength 0.5; expected 1')
  })

  it('a bias beyond 32 bits', () => {
    const { model, layer } = half()
    quantizeInput(layer, { ...range, scale: 2 ** -30 })
    quantizeFilters(layer, { from: 0, to: 4 }, { ...range, scale: 2 ** -30 })
    expect(() => lower(model)).toThrow(/half has the bias -?\d+ in units of its scale; expected 32 bits/)
  })

  const { softmax, separableConv2d, averagePooling2d, batchNormalization } = tf.layers
  it.each<[string, () => tf.LayersModel]>([
    [
      'BatchNormalization norm has no counterpart in an integer network; fold it',
      () => chain(batchNormalization({ name: 'norm' })),
    ],
    ['SeparableConv2D x has no counterpart', () => chain(separableConv2d({ filters: 2, kernelSize: 1, name: 'x' }))],
    [
      'Softmax x has no counterpart in an integer network; take the logits',
      () => chain(flatten(), softmax({ name: 'x' })),
    ],
    ['Activation x has the activation tanh', () => chain(activation({ activation: 'tanh', name: 'x' }))],
    [
      'Dense x has the activation softmax',
      () => chain(flatten(), dense({ units: 2, activation: 'softmax', name: 'x' })),
    ],
    ['Conv2D x is dilated by [2,2]', () => chain(conv2d({ filters: 2, kernelSize: 2, dilationRate: 2, name: 'x' }))],
    [
      'Conv2D x has data format channelsFirst',
      () => chain(conv2d({ filters: 2, kernelSize: 2, dataFormat: 'channelsFirst', name: 'x' })),
    ],
    [
      'AveragePooling2D x averages over a padding',
      () => chain(averagePooling2d({ poolSize: 2, padding: 'same', name: 'x' })),
    ],
    [
      'MaxPooling2D x reads zeros around an image that may be negative',
      () => chain(zeroPadding2d(), maxPooling2d({ poolSize: 2, name: 'x' })),
    ],
    [
      'Conv2D x reads zeros beyond its window of [1,1]',
      () => chain(zeroPadding2d(), conv2d({ filters: 2, kernelSize: 1, name: 'x' })),
    ],
    ['Flatten x reads a zero padding', () => chain(zeroPadding2d(), flatten({ name: 'x' }))],
    ['Rescaling x adds 1; expected 0', () => chain(tf.layers.rescaling({ scale: 2, offset: 1, name: 'x' }))],
  ])('%s', (message, make) => {
    const model = make()
    expect(() => lower(model)).toThrow(
      expect.objectContaining({ name: 'ModelError', code: 'LOWER', message: expect.stringContaining(message) }),
    )
  })

  it('what is no chain of one image to one output', () => {
    const [a, b] = [tf.input({ shape: [4], name: 'a' }), tf.input({ shape: [4], name: 'b' })]
    const sum = tf.layers.add({ name: 'sum' })
    const of = (...tensors: tf.SymbolicTensor[]) => sum.apply(tensors) as tf.SymbolicTensor
    expect(() => lower(tf.model({ inputs: [a, b], outputs: of(a, b) }))).toThrow('2 inputs and 1 outputs')
    expect(() => lower(tf.model({ inputs: a, outputs: of(a, a, a) }))).toThrow('Add sum adds 3 values; expected 2')
    expect(() => lower(tf.model({ inputs: a, outputs: of(of(a, a), a) }))).toThrow('Add sum is called twice')
    const open = tf.sequential({ layers: [conv2d({ inputShape: [null, 4, 1], filters: 1, kernelSize: 1 })] })
    expect(() => lower(open)).toThrow('gives the shape [null,4,1]; expected whole sizes')
  })
})
