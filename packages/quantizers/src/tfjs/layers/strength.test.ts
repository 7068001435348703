import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { largestDifference } from '../../../test/finite-differences.js'
import { onEachBackend } from '../../../test/on-each-backend.js'
import { saveAndLoad } from '../../../test/save-and-load.js'
import { affine } from '../../scheme.js'
import { straightThrough } from '../operators/straight-through.js'
import { quantizeFilters, quantizeInput } from '../quantization-state.js'
import { quantizedLayers } from '../quantized-layers.js'
import type { LayerQuantizer } from './quantization-args.js'
import { QuantizedDense } from './quantized-dense.js'

const inputRange = { scale: 0.25, zeroPoint: 0, levels: 4 }
const weightRange = { scale: 0.5, zeroPoint: 1, levels: 4 }
const random = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 1, 'float32', seed)

function dense(quantizer: LayerQuantizer) {
  const layer = new QuantizedDense({
    name: 'd',
    units: 3,
    inputShape: [5],
    quantizer,
    weightScheme: affine({ bits: 2 }),
    inputActivation: { minimum: 0, maximum: 6 },
    kernelInitializer: tf.initializers.randomNormal({ stddev: 0.5, seed: 1 }),
    biasInitializer: tf.initializers.randomNormal({ stddev: 0.5, seed: 2 }),
  })
  const model = tf.sequential({ layers: [layer] })
  const predict = (x: tf.Tensor) => (model.predict(x) as tf.Tensor).dataSync<'float32'>().slice()
  return { layer, model, predict }
}

onEachBackend(() => {
  describe.each(['straightThrough', 'lsq'] as const)('the strength of quantization with quantizer %s', (quantizer) => {
    it('goes from the float layer, through mixtures of its numbers and their integers, to the quantized one', () => {
      const { layer, model, predict } = dense(quantizer)
      const x = random([8, 5], 3)
      const float = predict(x)
      quantizeInput(layer, inputRange)
      quantizeFilters(layer, { from: 0, to: 3 }, weightRange)
      const quantized = predict(x)
      layer.setStrength(0)
      expect(largestDifference(predict(x), float)).toBeLessThan(1e-5)

      layer.setStrength(0.3)
      const mixed = (value: tf.Tensor, range: typeof inputRange) =>
        tf.add(tf.mul(0.3, straightThrough(value, range)), tf.mul(0.7, value))
      const composed = (x: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor) => {
        const scale = inputRange.scale * weightRange.scale
        const rounded = tf.add(tf.mul(0.3 * scale, tf.round(tf.div(bias, scale))), tf.mul(0.7, bias))
        return tf.add(tf.matMul(mixed(tf.clipByValue(x, 0, 6), inputRange), mixed(kernel, weightRange)), rounded)
      }
      const [kernel, bias] = [layer.kernel.read(), layer.bias!.read()]
      expect(largestDifference(predict(x), composed(x, kernel, bias).dataSync())).toBeLessThan(1e-5)

      // The bias's rounding aside, whose gradient is not rounding's own, gradients are those of the mixture.
      const dy = random([8, 3], 4)
      const expected = tf.grads((x, kernel) => tf.sum(tf.mul(composed(x!, kernel!, bias), dy)))([x, kernel])
      const got = tf.grads((x) => tf.sum(tf.mul(model.apply(x!) as tf.Tensor, dy)))([x])
      const { grads } = tf.variableGrads(() => tf.sum(tf.mul(model.apply(x) as tf.Tensor, dy)) as tf.Scalar)
      expect(largestDifference(got[0]!.dataSync(), expected[0]!.dataSync())).toBeLessThan(1e-4)
      expect(largestDifference(grads[layer.kernel.name]!.dataSync(), expected[1]!.dataSync())).toBeLessThan(1e-4)
      expect(largestDifference(grads[layer.bias!.name]!.dataSync(), tf.sum(dy, 0).dataSync())).toBeLessThan(1e-4)

      layer.setStrength(1)
      expect(predict(x)).toEqual(quantized)
    })

    it('goes with a saved layer, and stays within 0..1', async () => {
      const { layer, model, predict } = dense(quantizer)
      quantizeInput(layer, inputRange)
      quantizeFilters(layer, { from: 0, to: 3 }, weightRange)
      layer.setStrength(0.5)
      const x = random([2, 5], 5)
      const loaded = await saveAndLoad(model)
      expect(quantizedLayers(loaded)[0]!.strength).toBe(0.5)
      expect((loaded.predict(x) as tf.Tensor).dataSync()).toEqual(predict(x))
      for (const strength of [-0.1, 1.1, Number.NaN]) {
        expect(() => layer.setStrength(strength)).toThrow(`strength is ${strength}, expected 0..1`)
      }
    })
  })
})
