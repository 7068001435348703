import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { adamW } from '../src/optimizers/adam.js'
import { registerTrainingKernels } from '../src/register-training-kernels.js'
import { memoryOf, wasmBackend } from '../src/tfjs/wasm-backend.js'
import { floats } from './backends.js'

const network = () =>
  tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [12, 12, 3], filters: 8, kernelSize: 3, padding: 'same', useBias: false }),
      tf.layers.batchNormalization(),
      tf.layers.reLU(),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.depthwiseConv2d({ kernelSize: 3 }),
      tf.layers.conv2d({ filters: 10, kernelSize: 2, strides: 2, activation: 'relu' }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 3 }),
    ],
  })

/** A network that has little to compute, so that thousands of steps take seconds. */
const small = () =>
  tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [4, 4, 4], filters: 4, kernelSize: 3, useBias: false }),
      tf.layers.batchNormalization(),
      tf.layers.flatten(),
      tf.layers.dense({ units: 3 }),
    ],
  })

describe('memory', () => {
  it.each([
    ['every kind of layer', network, 12, 3, 400],
    ['a small network, ten thousand steps', small, 4, 4, 10_000],
  ] as const)('does not grow from step to step: %s', { timeout: 120_000 }, async (_, make, side, channels, steps) => {
    await tf.setBackend('wasm')
    const registered = registerTrainingKernels()
    const backend = wasmBackend(tf.backend())
    const model = make()
    const optimizer = adamW({ learningRate: 1e-3 })
    const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable)
    const x = tf.tensor4d(floats(16 * side * side * channels, 1), [16, side, side, channels])
    const y = tf.oneHot(
      tf.tensor1d(
        Array.from({ length: 16 }, (_, i) => i % 3),
        'int32',
      ),
      3,
    )
    const loss = () => tf.losses.softmaxCrossEntropy(y, model.apply(x, { training: true }) as tf.Tensor) as tf.Scalar
    const seen = new Set<string>()
    let last = 0
    for (let step = 0; step < steps; step++) {
      const cost = optimizer.minimize(loss, true, variables)!
      last = cost.dataSync()[0]!
      cost.dispose()
      const { numTensors, numBytes, numDataBuffers } = tf.memory()
      const heap = memoryOf(backend).buffer.byteLength
      if (step >= 2) seen.add(`${numTensors} ${numBytes} ${numDataBuffers} ${heap}`)
    }
    expect(seen.size).toBe(1)
    expect(last).toBeLessThan(0.2)
    optimizer.dispose()
    model.dispose()
    tf.dispose([x, y])
    registered.unregister()
  })

  it('is found where it lies after it has grown', async () => {
    await tf.setBackend('wasm')
    const registered = registerTrainingKernels()
    const x = tf.tensor4d(floats(3 * 3 * 4, 1), [1, 3, 3, 4])
    const filter = tf.tensor4d(floats(4 * 4, 2), [1, 1, 4, 4])
    const convolve = () => tf.tidy(() => Array.from(tf.conv2d(x, filter, 1, 'valid').dataSync()))
    const before = convolve()
    const large = tf.zeros([1 << 24])
    expect(convolve()).toEqual(before)
    tf.dispose([x, filter, large])
    registered.unregister()
  })
})
