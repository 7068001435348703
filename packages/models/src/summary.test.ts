import { foldBatchNorm, quantizedLayer, quantizeFilters, quantizeInput, quantizeModel } from '@lowbit/quantizers/tfjs'
import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { cnn } from './cnn.js'
import { resnet } from './resnet.js'
import { layerSummaries, summary } from './summary.js'

const range = { scale: 0.125, zeroPoint: 3, levels: 8 }

describe('summary', () => {
  it('tells what a float network costs', () => {
    expect(summary(cnn('CNN6', { seed: 1 }))).toMatchSnapshot()
  })

  it('tells what is quantized, and to how many bits', () => {
    const model = quantizeModel(foldBatchNorm(cnn('CNN6', { seed: 1 })), { bits: 3, float: ['conv0', 'fc2'] })
    for (const name of ['conv1', 'conv2']) quantizeInput(quantizedLayer(model, name), { ...range, zeroPoint: 0 })
    quantizeFilters(quantizedLayer(model, 'conv1'), { from: 0, to: 8 }, range)
    quantizeFilters(quantizedLayer(model, 'conv2'), { from: 4, to: 8 }, { ...range, levels: 25 })
    expect(summary(model)).toMatchSnapshot()
    const [conv1, conv2] = ['conv1', 'conv2'].map((name) => layerSummaries(model).find((layer) => layer.name === name)!)
    // 800 weights of 3 bits and 8 biases; 288 weights of 5 bits, 864 of 32, and 16 biases.
    expect(conv1).toMatchObject({ inputBits: 3, weightBits: 3, quantized: 1, bytes: 300 + 32 })
    expect(conv2).toMatchObject({ inputBits: 3, weightBits: Math.log2(25), quantized: 0.25, bytes: 180 + 3456 + 64 })
  })

  it('tells what a residual network costs', () => {
    expect(summary(resnet('ResNet-20', { seed: 1 }))).toMatchSnapshot()
  })

  it('counts the MACs of ResNet-18 as published', () => {
    const macs = layerSummaries(resnet('ResNet-18', { seed: 1 })).reduce((sum, layer) => sum + layer.macs, 0)
    expect(macs).toBe(1_814_073_344)
  })

  it('shows an open size as such', () => {
    const model = tf.sequential({
      layers: [tf.layers.conv2d({ inputShape: [null, null, 3], filters: 2, kernelSize: 1, name: 'any' })],
    })
    expect(summary(model).split('\n')[2]).toMatch(/^any +Conv2D +\?x\?x2 +32\/32 +8 +32 +\?$/)
  })
})
