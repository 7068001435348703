import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { checkFinite } from './check-finite.js'

describe('checkFinite', () => {
  beforeAll(() => tf.setBackend('cpu'))
  const model = () => tf.sequential({ layers: [tf.layers.dense({ name: 'finite_fc', units: 2, inputShape: [3] })] })
  const where = { step: 12, name: 'conv1 1/4' }

  it('passes a healthy run', async () => {
    await expect(checkFinite(model(), 0.5, where)).resolves.toBeUndefined()
  })

  it('names step, stage and the weight, also where the loss hides it', async () => {
    const broken = model()
    broken.layers[0]!.setWeights([tf.tensor2d([1, 2, 3, Number.NaN, 5, 6], [3, 2]), tf.tensor1d([0, 0])])
    await expect(checkFinite(broken, 2.3, where)).rejects.toThrow(
      'finite_fc/kernel[3] is NaN after step 12 (stage conv1 1/4), the loss 2.3; expected finite weights',
    )
  })

  it('reports a loss that is not finite', async () => {
    await expect(checkFinite(model(), Infinity, where)).rejects.toThrow('the loss is Infinity after step 12')
    await expect(checkFinite(model(), Number.NaN, where)).rejects.toMatchObject({ code: 'NOT_FINITE' })
  })
})
