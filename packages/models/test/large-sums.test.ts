import { IntegerNetwork } from '@lowbit/int-kernels'
import { roundHalfEven } from '@lowbit/quantizers'
import { calibrate, quantizeModel } from '@lowbit/quantizers/tfjs'
import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'
import { beforeAll, expect, it } from 'vitest'
import { integerNetwork, lower } from '../src/lower.js'
import { seededUniform } from '../src/seeded-uniform.js'

beforeAll(() => tf.setBackend('wasm'))

const inputs = 3072
const units = 16

/** Weights and images of one sign at 8 bits: 3072 products of up to 255 * 255. */
async function modelOfLargeSums(images: tf.Tensor): Promise<tf.LayersModel> {
  const input = tf.input({ shape: [inputs] })
  const dense = tf.layers.dense({ units, name: 'dense' })
  const float = tf.model({ inputs: input, outputs: dense.apply(input) as tf.SymbolicTensor })
  const weights = seededUniform(inputs * units, 0.5, 1, 'weights').map((value) => value + 0.5)
  dense.setWeights([tf.tensor2d(weights, [inputs, units]), tf.zeros([units])])
  const model = quantizeModel(float, { bits: 8 })
  await calibrate(model, images)
  return model
}

it('where sums leave 2^24, tfjs rounds at each addition and the integer network once, at the end', async () => {
  const images = tf.tensor2d(
    seededUniform(8 * inputs, 0.5, 1, 'images').map((value) => value + 0.5),
    [8, inputs],
  )
  const model = await modelOfLargeSums(images)
  const expected = (model.predict(images) as tf.Tensor).dataSync<'float32'>()
  const network = await IntegerNetwork.load(lower(model))
  const found = network.run(images.dataSync<'float32'>())
  expect(network.describe().find(({ name }) => name === 'dense')!.largestSum).toBeGreaterThan(2 ** 24)

  const exact = exactOutputs(model, images.dataSync<'float32'>())
  expect(found).toEqual(exact)
  const apart = expected.map((value, i) => Math.abs(value - found[i]!) / Math.abs(found[i]!))
  expect(Math.max(...apart)).toBeGreaterThan(0)
  // Measured 2.8e-6: 3072 additions, each of which may round by half a unit in the last place (2^-24).
  expect(Math.max(...apart)).toBeLessThan(1e-5)
})

/** Whole numbers below 2^53 in doubles, rounded to f32 once, and again by the scale. */
function exactOutputs(model: tf.LayersModel, images: Float32Array): Float32Array {
  const [quantize, dense] = integerNetwork(model).nodes
  if (quantize?.operator !== 'quantize' || dense?.operator !== 'dense') throw new TypeError('expected a dense layer')
  const { codes, zeroPoint } = dense.weights
  const inverse = Math.fround(1 / quantize.scale)
  return Float32Array.from({ length: (images.length / inputs) * units }, (_, i) => {
    const [image, unit] = [Math.floor(i / units), i % units]
    let sum = dense.bias[unit]!
    for (let k = 0; k < inputs; k++) {
      const code = roundHalfEven(Math.fround(images[image * inputs + k]! * inverse)) + quantize.zeroPoint
      const clamped = Math.max(quantize.minimum, Math.min(quantize.maximum, code))
      sum += (clamped - quantize.zeroPoint) * (codes[k * units + unit]! - zeroPoint[0]!)
    }
    return Math.fround(Math.fround(sum) * dense.scale[0]!)
  })
}
