import { quantizedLayer, quantizeFilters } from '@lowbit/quantizers/tfjs'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { quantizableToy, weightBits } from '../../test/toy-problem.js'
import { disposeTrainable, freeGradients, holdFrozen, trainableUnder } from './trainable.js'

const range = { scale: Math.fround(0.1), zeroPoint: 4, levels: 8 }

/** conv1 whole and two of conv2's five filters quantized. */
function partlyQuantized(): tf.LayersModel {
  const model = quantizableToy()
  quantizeFilters(quantizedLayer(model, 'conv1'), { from: 0, to: 6 }, range)
  quantizeFilters(quantizedLayer(model, 'conv2'), { from: 1, to: 3 }, range)
  return model
}

describe('trainableUnder', () => {
  beforeAll(() => tf.setBackend('cpu'))

  it("has everything train under 'all'", () => {
    const model = partlyQuantized()
    const { variables, count } = trainableUnder(model, 'all')
    expect(variables.map(({ size }) => size).reduce((a, b) => a + b)).toBe(count)
    expect(variables).toHaveLength(model.trainableWeights.length)
  })

  it("leaves frozen layers out under 'rest' and counts what is left of the others", () => {
    const model = partlyQuantized()
    const trainable = trainableUnder(model, 'rest')
    expect(trainable.parts.filter(({ frozen }) => frozen === 'all').map(({ name }) => name)).toEqual([
      'conv1/kernel',
      'conv1/bias',
    ])
    const partly = trainable.parts.filter(({ frozen }) => typeof frozen === 'object').map(({ name }) => name)
    expect(partly).toEqual(['conv2/kernel', 'conv2/bias'])
    expect(trainableUnder(model, 'all').count - trainable.count).toBe(6 * (36 + 1) + 2 * (54 + 1))
    disposeTrainable(trainable)
  })

  it('freezes the trained scales that frozen weights have', () => {
    const model = quantizableToy({ quantizer: 'lsq', perChannel: true })
    const channels = (count: number) => ({
      ...range,
      scale: Array(count).fill(0.125),
      zeroPoint: Array(count).fill(4),
      axis: -1,
    })
    quantizeFilters(quantizedLayer(model, 'conv2'), { from: 1, to: 3 }, channels(5))
    const trainable = trainableUnder(model, 'rest')
    const states = trainable.parts.map(({ name, frozen }) => [
      name,
      typeof frozen === 'object' ? [...frozen.mask.dataSync()] : frozen,
    ])
    expect(Object.fromEntries(states)).toMatchObject({
      'conv1/input_step': 'none',
      'conv1/weight_step': 'none',
      'conv2/input_step': 'all',
      'conv2/weight_step': [0, 1, 1, 0, 0],
    })
    disposeTrainable(trainable)
  })

  it('leaves out layers that are not trainable', () => {
    const names = trainableUnder(quantizableToy({ trainableStem: false }), 'all').parts.map(({ name }) => name)
    expect(names).not.toContain('stem/kernel')
    expect(names).toContain('conv1/kernel')
  })

  it('zeroes the gradients of frozen elements and no others', () => {
    const trainable = trainableUnder(partlyQuantized(), 'rest')
    const gradients = Object.fromEntries(trainable.variables.map((v) => [v.name, tf.onesLike(v)]))
    const free = freeGradients(trainable, gradients)
    const bias = trainable.parts.find(({ name }) => name === 'conv2/bias')!.variable
    expect([...free[bias.name]!.dataSync()]).toEqual([1, 0, 0, 1, 1])
    const kernel = trainable.parts.find(({ name }) => name === 'conv2/kernel')!.variable
    expect(free[kernel.name]!.sum().dataSync()[0]).toBe(3 * 54)
  })

  it('puts frozen elements back to the bit, whatever moved them', () => {
    const model = partlyQuantized()
    const before = weightBits(model)
    const trainable = trainableUnder(model, 'rest')
    tf.tidy(() => {
      for (const variable of trainable.variables) variable.assign(tf.add(tf.mul(variable, 0.7), 1e-3))
    })
    holdFrozen(trainable)
    disposeTrainable(trainable)
    const after = weightBits(model)
    expect(after['conv1/kernel']).toEqual(before['conv1/kernel'])
    expect(after['stem/kernel']).not.toEqual(before['stem/kernel'])
    after['conv2/kernel']!.forEach((bits, i) => {
      const frozen = i % 5 === 1 || i % 5 === 2
      expect(bits === before['conv2/kernel']![i]).toBe(frozen)
    })
  })

  it('leaves no tensors behind', () => {
    const model = partlyQuantized()
    const before = tf.memory().numTensors
    disposeTrainable(trainableUnder(model, 'rest'))
    expect(tf.memory().numTensors).toBe(before)
  })
})
