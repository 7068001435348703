import { type Estimator, mmse } from '@lowbit/quantizers'
import { calibrate, foldBatchNorm, type QuantizeModelOptions, quantizeModel } from '@lowbit/quantizers/tfjs'
import * as tf from '@tensorflow/tfjs'
import { seededUniform } from '../src/seeded-uniform.js'

/** A network of the zoo as after training: batch norms settled and folded, layers quantized and calibrated on these images. */
export async function quantizedNetwork(
  network: tf.LayersModel,
  images: tf.Tensor,
  { estimator = mmse, ...options }: QuantizeModelOptions & { estimator?: Estimator },
): Promise<tf.LayersModel> {
  settleBatchNorms(network, images)
  const model = quantizeModel(foldBatchNorm(network), options)
  await calibrate(model, images, { estimator })
  return model
}

/** Gives batch norms the statistics of these images and factors of their own: every layer's output tells the images apart. */
function settleBatchNorms(model: tf.LayersModel, images: tf.Tensor): void {
  for (const layer of model.layers) {
    if (layer.getClassName() !== 'BatchNormalization') continue
    tf.tidy(() => {
      const before = tf.model({ inputs: model.inputs, outputs: layer.input }).predict(images) as tf.Tensor
      const { mean, variance } = tf.moments(before, [0, 1, 2])
      const gamma = tf.tensor1d(seededUniform(mean.size, 0.5, 1, `${layer.name}/gamma`)).add(1)
      const beta = tf.tensor1d(seededUniform(mean.size, 0.5, 1, `${layer.name}/beta`))
      layer.setWeights([gamma, beta, mean, variance])
    })
  }
}
