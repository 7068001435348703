import * as tf from '@tensorflow/tfjs'
import * as fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { calibrate, HardTanh, quantizedLayers, quantizeModel, Relu6 } from '../src/tfjs/index.js'
import { type Images, integerForward, largestAccumulator } from './integer-reference.js'
import { onEachBackend } from './on-each-backend.js'

const network = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  bits: fc.integer({ min: 2, max: 8 }),
  perChannel: fc.boolean(),
  channels: fc.integer({ min: 1, max: 5 }),
  kernelSize: fc.integer({ min: 1, max: 3 }),
  strides: fc.integer({ min: 1, max: 2 }),
  padding: fc.constantFrom('same' as const, 'valid' as const),
  useBias: fc.boolean(),
  activation: fc.constantFrom('none', 'relu', 'relu6', 'hardtanh'),
})

type Network = typeof network extends fc.Arbitrary<infer N> ? N : never

/** conv, activation, conv, activation, dense: 7x6 images. */
function floatNetwork({ seed, channels, kernelSize, strides, padding, useBias, activation }: Network): tf.LayersModel {
  const activations: Record<string, () => tf.layers.Layer[]> = {
    none: () => [],
    relu: () => [tf.layers.reLU()],
    relu6: () => [new Relu6({})],
    hardtanh: () => [new HardTanh({})],
  }
  const kernelInitializer = (offset: number) => tf.initializers.randomNormal({ stddev: 0.4, seed: seed + offset })
  const biasInitializer = tf.initializers.randomNormal({ stddev: 0.3, seed: seed + 7 })
  const shared = { padding, useBias, biasInitializer }
  return tf.sequential({
    layers: [
      tf.layers.conv2d({
        ...shared,
        inputShape: [7, 6, channels],
        filters: 4,
        kernelSize,
        kernelInitializer: kernelInitializer(1),
      }),
      ...activations[activation]!(),
      tf.layers.conv2d({ ...shared, filters: 5, kernelSize: 2, strides, kernelInitializer: kernelInitializer(2) }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 3, useBias, kernelInitializer: kernelInitializer(3), biasInitializer }),
    ],
  })
}

onEachBackend(() => {
  beforeEach(() => tf.engine().startScope())
  afterEach(() => tf.engine().endScope())

  it('gives the bits of the integer reference, for every width, per tensor and per filter', async () => {
    const seenBits = new Set<number>()
    await fc.assert(
      fc.asyncProperty(network, async (options) => {
        const float = floatNetwork(options)
        const model = quantizeModel(float, options)
        const images = tf.randomNormal([3, 7, 6, options.channels], 0, 1, 'float32', options.seed)
        await calibrate(model, images)
        const layers = quantizedLayers(model)
        expect(layers.map(largestAccumulator).every((size) => size < 2 ** 24)).toBe(true)
        const input: Images = {
          data: images.dataSync<'float32'>(),
          shape: images.shape as [number, number, number, number],
        }
        const expected = layers.reduce((value, layer) => integerForward(layer, value), input)
        const actual = (model.predict(images) as tf.Tensor).dataSync<'float32'>()
        expect(new Uint32Array(actual.slice().buffer)).toEqual(new Uint32Array(expected.data.buffer))
        seenBits.add(options.bits)
        float.dispose()
        model.dispose()
        images.dispose()
      }),
      { numRuns: 60, seed: 1 },
    )
    expect([...seenBits].sort()).toEqual([2, 3, 4, 5, 6, 7, 8])
  })
})
