import { cnn, layerSummaries, resnet } from '@lowbit/models'
import { quantizeModel } from '@lowbit/quantizers/tfjs'
import type * as tf from '@tensorflow/tfjs'

/** Networks whose training is timed; all take 32x32x3 images and give ten logits. */
export type TrainedNetwork = 'CNN6' | 'CNN10' | 'ResNet-20'

export const TRAINED_NETWORKS: readonly TrainedNetwork[] = ['CNN6', 'CNN10', 'ResNet-20']

/** What is trained: the same in every process that is timed. */
export interface TrainingSetting {
  readonly network: TrainedNetwork
  /** Of weights and activations; 32: float. */
  readonly bits: number
  /** Images of a step. */
  readonly batch: number
}

/** The network with its batch norms; below 32 bits all of its layers but the first and the last are ready to be quantized. */
export function modelOf({ network, bits }: TrainingSetting, seed = 1): tf.LayersModel {
  const float = network === 'ResNet-20' ? resnet(network, { seed }) : cnn(network, { seed })
  if (bits === 32) return float
  return quantizeModel(float, { bits, float: floatLayersOf(network) })
}

/** The first and the last layer, which stay float. */
export const floatLayersOf = (network: TrainedNetwork): string[] =>
  network === 'ResNet-20' ? ['conv1', 'linear'] : ['conv0', 'fc2']

/**
 * Floating-point operations of a step in convolutions and dense layers: two for each product, once forward, once for the
 * gradient of the weights and once for that of the input, which the first layer needs not. All else is not counted.
 */
export function flopsOfStep(model: tf.LayersModel, batch: number): number {
  const macs = layerSummaries(model)
    .map((layer) => layer.macs)
    .filter((count) => count > 0)
  const all = macs.reduce((sum, count) => sum + count, 0)
  return 2 * batch * (3 * all - macs[0]!)
}
