import { type Split, take } from '@lowbit/datasets'
import { calibrate, quantizedLayers, quantizeModel } from '@lowbit/quantizers/tfjs'
import { direct, train } from '@lowbit/schedulers'
import { adam } from '@lowbit/train-kernels'
import * as tf from '@tensorflow/tfjs'
import type { FloatNetwork } from './float-network.js'

/** One scale for a layer's weights, or one for each filter. */
export type Scales = 'tensor' | 'filter'

export const SCALES: readonly Scales[] = ['tensor', 'filter']

interface QuantizedNetworkOptions {
  readonly bits: number
  readonly scales: Scales
  /** Optimizer steps that the quantized network is trained for; 0: only calibrated. */
  readonly steps: number
  readonly seed: number
}

/** The network with everything quantized but its ends, calibrated on images and trained on with all in place. */
export async function quantizedNetwork(
  network: FloatNetwork,
  images: Split,
  { bits, scales, steps, seed }: QuantizedNetworkOptions,
): Promise<tf.LayersModel> {
  const model = quantizeModel(network.model, { bits, perChannel: scales === 'filter', float: [...network.float] })
  const batches = function* (from: number) {
    for (const batch of images.batches({ size: 100, seed: seed + 1, from })) {
      yield { ...batch, images: network.prepare(batch.images) }
    }
  }
  if (steps === 0) {
    const some = take(images, 500)
    const [batch] = some.inOrder({ size: some.size })
    const calibration = tf.tensor4d(network.prepare(batch!.images), [some.size, ...images.shape])
    await calibrate(model, calibration)
    calibration.dispose()
    return model
  }
  const events = train(model, direct(quantizedLayers(model), { steps }), batches, {
    learningRate: 5e-4,
    optimizer: (learningRate) => adam({ learningRate }),
    calibration: { count: 500 },
  })
  for await (const _ of events);
  return model
}
