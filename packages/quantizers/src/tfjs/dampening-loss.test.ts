import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { finiteDifferences, largestDifference } from '../../test/finite-differences.js'
import { onEachBackend } from '../../test/on-each-backend.js'
import { affine } from '../scheme.js'
import { dampeningLoss } from './dampening-loss.js'
import type { LayerQuantizer } from './layers/quantization-args.js'
import { QuantizedDense } from './layers/quantized-dense.js'
import { quantizeFilters, quantizeWeights } from './quantization-state.js'

// Levels -0.25, 0, 0.25, 0.5.
const range = { scale: 0.25, zeroPoint: 1, levels: 4 }
const weights = [0.05, -0.1, 0.2, 0.45, -0.3, 0.9, 0.3, -0.2]

function dense(quantizer: LayerQuantizer) {
  const layer = new QuantizedDense({ units: 2, inputShape: [4], quantizer, weightScheme: affine({ bits: 2 }) })
  const model = tf.sequential({ layers: [layer] })
  layer.kernel.write(tf.tensor2d(weights, [4, 2]))
  return { layer, model }
}
const lossOf = (layer: QuantizedDense) => tf.tidy(() => dampeningLoss(layer).dataSync()[0]!)

onEachBackend(() => {
  describe.each(['straightThrough', 'lsq'] as const)('dampeningLoss with quantizer %s', (quantizer) => {
    it('is the squared distance of quantized weights inside the range to their levels', () => {
      const { layer } = dense(quantizer)
      expect(lossOf(layer)).toBe(0)
      quantizeWeights(layer, [1, 1, 1, 1, 1, 1, 0, 0], range)
      // -0.3 and 0.9 are outside, the last two are float.
      expect(lossOf(layer)).toBeCloseTo(0.05 ** 2 + 0.1 ** 2 + 0.05 ** 2 + 0.05 ** 2, 6)
    })

    it('has the gradient that its differences say, and none for trained steps', () => {
      const { layer, model } = dense(quantizer)
      quantizeFilters(layer, { from: 0, to: 2 }, range)
      const kernel = layer.kernel.read().clone()
      const expected = finiteDifferences(
        (w) => {
          layer.kernel.write(w)
          return dampeningLoss(layer)
        },
        kernel,
        1e-3,
      )
      layer.kernel.write(kernel)
      const { grads } = tf.variableGrads(() => dampeningLoss(layer), [layer.kernel.read() as tf.Variable])
      expect(largestDifference(grads[layer.kernel.name]!.dataSync(), expected)).toBeLessThan(1e-3)
      expect(expected[5]).toBe(0)
      expect(model.trainableWeights.length).toBe(quantizer === 'lsq' ? 4 : 2)
    })
  })
})
