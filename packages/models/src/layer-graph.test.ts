import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { layerGraph } from './layer-graph.js'
import { resnet } from './resnet.js'

const describeCalls = (model: tf.LayersModel) =>
  layerGraph(model).map(({ layer, inputs, shape }) => [layer.name, inputs.map((call) => call.layer.name), shape])

describe('layerGraph', () => {
  it('lists a chain from its input', () => {
    const model = tf.sequential({
      layers: [
        tf.layers.conv2d({ inputShape: [null, 4, 2], filters: 3, kernelSize: 3, name: 'conv' }),
        tf.layers.globalMaxPooling2d({ name: 'pool' }),
      ],
    })
    expect(describeCalls(model)).toEqual([
      [expect.stringContaining('input'), [], [null, 4, 2]],
      ['conv', [expect.stringContaining('input')], [null, 2, 3]],
      ['pool', ['conv'], [3]],
    ])
  })

  it('lists the layers of a residual network once each, after what they read', () => {
    const calls = layerGraph(resnet('ResNet-20', { seed: 1 }))
    const position = new Map(calls.map((call, i) => [call, i]))
    expect(new Set(calls.map((call) => call.layer.name)).size).toBe(calls.length)
    for (const [i, call] of calls.entries())
      for (const input of call.inputs) expect(position.get(input)).toBeLessThan(i)
    const add = calls.find((call) => call.layer.name === 'layer2.0.add')!
    expect(add.inputs.map((call) => call.layer.name)).toEqual(['layer2.0.bn2', 'layer2.0.shortcut'])
  })

  it('keeps two calls of one layer apart, and leaves out calls of other models', () => {
    const image = tf.input({ shape: [3], name: 'x' })
    const shared = tf.layers.dense({ units: 3, name: 'shared' })
    const once = shared.apply(image) as tf.SymbolicTensor
    const twice = shared.apply(once) as tf.SymbolicTensor
    shared.apply(twice)
    expect(describeCalls(tf.model({ inputs: image, outputs: twice }))).toEqual([
      ['x', [], [3]],
      ['shared', ['x'], [3]],
      ['shared', ['shared'], [3]],
    ])
  })
})
