import { quantizedLayers, quantizeModel, Relu6 } from '@lowbit/quantizers/tfjs'
import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Batches, incremental, train, trainFloat } from '../src/index.js'
import { collect } from './collect.js'
import { generator, weightBits } from './toy-problem.js'

/** Two classes by the sign of a sum; from `brokenFrom` on one input is NaN. */
function batches(brokenFrom = Infinity): Batches {
  return function* (from) {
    for (let step = from; ; step++) {
      const random = generator(step)
      const images = Float32Array.from({ length: 8 * 6 }, () => random() - 0.5)
      const labels = Array.from({ length: 8 }, (_, n) => (images[6 * n]! + images[6 * n + 1]! > 0 ? 1 : 0))
      if (step >= brokenFrom) images[0] = Number.NaN
      yield { images, labels }
    }
  }
}

function network(activation: () => tf.layers.Layer): tf.LayersModel {
  const init = (seed: number) => tf.initializers.glorotUniform({ seed })
  return tf.sequential({
    layers: [
      tf.layers.dense({ name: 'first', units: 8, inputShape: [6], kernelInitializer: init(1) }),
      activation(),
      tf.layers.dense({ name: 'middle', units: 8, kernelInitializer: init(2) }),
      activation(),
      tf.layers.dense({ name: 'last', units: 2, kernelInitializer: init(3) }),
    ],
  })
}

describe('on the wasm backend', () => {
  beforeAll(() => tf.setBackend('wasm'))

  it('freezes, saves and resumes to the bit', async () => {
    const make = () =>
      quantizeModel(
        network(() => new Relu6({})),
        { bits: 3, float: ['last'] },
      )
    const plan = incremental(quantizedLayers(make()), { steps: 24 })
    const options = {
      learningRate: 0.01,
      weightDecay: 0.01,
      clipNorm: 1,
      checkpointEvery: 5,
      calibration: { count: 64 },
    }
    const model = make()
    const checkpoints: Uint8Array[] = []
    let frozen: [bits: Uint32Array, mask: Uint32Array] | undefined
    for await (const event of train(model, plan, batches(), options)) {
      if (event.type === 'checkpoint') checkpoints.push(event.bytes)
      const { 'first/kernel': kernel, 'first/kernel_mask': mask } = weightBits(model)
      if (frozen !== undefined)
        for (const [i, bits] of frozen[0].entries()) if (frozen[1][i]) expect(kernel![i]).toBe(bits)
      frozen = [kernel!, mask!]
    }
    expect(checkpoints).toHaveLength(4)
    for (const resume of checkpoints) {
      const copy = make()
      await collect(train(copy, plan, batches(), { ...options, resume }))
      expect(weightBits(copy)).toEqual(weightBits(model))
    }
  })

  it('finds NaN in the weights where relu6 hides it from the loss', async () => {
    const losses: number[] = []
    const model = network(() => tf.layers.reLU({ maxValue: 6 }))
    const training = trainFloat(model, batches(7), { steps: 20, learningRate: 0.01, reportEvery: 5 })
    const run = async () => {
      for await (const event of training) if (event.type === 'step') losses.push(event.loss)
    }
    await expect(run()).rejects.toThrow(/first\/kernel\[\d+\] is NaN after step 10 \(stage float\), the loss \d\.\d+;/)
    expect(losses).toHaveLength(1)
  })
})
