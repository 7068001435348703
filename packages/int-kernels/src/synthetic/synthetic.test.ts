import { describe, expect, it } from 'vitest'
import { encodeNetwork } from '../format/index.js'
import { IntegerNetwork } from '../integer-network.js'
import { isolatedConvolution } from './isolated-convolution.js'
import { type CnnName, syntheticCnn } from './synthetic-cnn.js'
import { syntheticResNet18 } from './synthetic-resnet.js'

const macsOf = (network: IntegerNetwork): number => network.describe().reduce((sum, { macs }) => sum + macs, 0)

describe('syntheticCnn', () => {
  it.each<[CnnName, number]>([
    ['CNN6', 0.89],
    ['CNN7', 1.55],
    ['CNN8', 1.72],
    ['CNN9', 1.99],
    ['CNN10', 15.3],
  ])('has the products of %s: %f million', async (name, millions) => {
    const network = await IntegerNetwork.load(encodeNetwork(syntheticCnn(name, { bits: 3 })))
    expect(macsOf(network) / 1e6).toBeCloseTo(millions, millions > 10 ? 1 : 2)
  })

  it('keeps its values alive: logits differ from image to image', async () => {
    const network = await IntegerNetwork.load(encodeNetwork(syntheticCnn('CNN10', { bits: 2 })))
    const images = Float32Array.from({ length: 2 * 32 * 32 * 3 }, (_, i) => (i * 0.618) % 1)
    const logits = network.run(images)
    expect(logits.subarray(0, 10)).not.toEqual(logits.subarray(10))
  })

  it('fits CNN10 of 3 bits into 3/32 of its f32 file and 4 % of that', () => {
    // 315,602 parameters, and means and variances of 408 normalized filters.
    const floatBytes = 4 * (315_602 + 2 * 408)
    const { length } = encodeNetwork(syntheticCnn('CNN10', { bits: 3 }))
    expect(length).toBeLessThanOrEqual((3 / 32 + 0.04) * floatBytes)
  })

  it('is described layer by layer', async () => {
    const network = await IntegerNetwork.load(encodeNetwork(syntheticCnn('CNN6', { bits: 4 })))
    const rows = network.describe().filter(({ macs }) => macs > 0)
    const described = rows.map(({ name, shape, inputBits, weightBits, bytes, macs }) =>
      [name, shape.join('x'), inputBits, weightBits, bytes, macs].join(' '),
    )
    expect(described).toEqual([
      'stem 32x32x4 32 32 64 12288',
      'conv2 28x28x8 4 4 437 627200',
      'conv5 12x12x16 4 4 645 165888',
      'conv8 4x4x32 4 4 2437 73728',
      'conv11 1x1x64 4 4 4357 8192',
      'classifier 10 32 32 2600 640',
    ])
    expect(rows.every(({ kernels }) => kernels.length > 0)).toBe(true)
  })
})

describe('syntheticResNet18', () => {
  it('has the weights of ResNet-18', () => {
    const { nodes } = syntheticResNet18({ bits: 2 })
    const weights = nodes.reduce(
      (sum, node) => sum + ('weights' in node && 'codes' in node.weights ? node.weights.codes.length : 0),
      0,
    )
    // Batch norms are folded, biases apart.
    expect(weights).toBe(11_678_912)
  })
})

describe('isolatedConvolution', () => {
  it('runs by itself, any number of times', async () => {
    const layer = await isolatedConvolution({ height: 6, width: 6, channels: 16, filters: 16, size: [3, 3], bits: 4 })
    layer.run()
    layer.run()
    expect(layer.macs).toBe(6 * 6 * 16 * 16 * 9)
    expect(layer.kernels).toEqual(['winograd-convolution'])
  })

  it('takes strides', async () => {
    const shape = { height: 8, width: 8, channels: 16, filters: 16, size: [3, 3], stride: [2, 2], bits: 8 } as const
    const layer = await isolatedConvolution(shape)
    layer.run()
    expect(layer.macs).toBe(4 * 4 * 16 * 16 * 9)
    expect(layer.kernels).toContain('direct-convolution')
  })
})
