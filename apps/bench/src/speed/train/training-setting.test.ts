import { quantizedLayers } from '@lowbit/quantizers/tfjs'
import { describe, expect, it } from 'vitest'
import { flopsOfStep, modelOf, TRAINED_NETWORKS } from './training-setting.js'

describe('what is trained', () => {
  it('counts two operations for each product, three times but for the gradient of the image', () => {
    const model = modelOf({ network: 'CNN6', bits: 32, batch: 1 })
    // Multiplications with a weight for one image: 1x1, 5x5, 3x3, 3x3, 2x2, dense.
    const stem = 32 * 32 * 3 * 4
    const rest = 28 * 28 * 25 * 4 * 8 + 12 * 12 * 9 * 8 * 16 + 4 * 4 * 9 * 16 * 32 + 4 * 32 * 64 + 64 * 10
    expect(flopsOfStep(model, 100)).toBe(2 * 100 * (2 * stem + 3 * rest))
  })

  it.each(TRAINED_NETWORKS)('quantizes all of %s but its ends, and keeps its batch norms', (network) => {
    const model = modelOf({ network, bits: 4, batch: 1 })
    const norms = model.layers.filter((layer) => layer.getClassName() === 'BatchNormalization')
    const quantized = quantizedLayers(model).length
    expect(norms).toHaveLength({ CNN6: 4, CNN10: 8, 'ResNet-20': 19 }[network])
    expect(quantized).toBe({ CNN6: 4, CNN10: 8, 'ResNet-20': 18 }[network])
  })
})
