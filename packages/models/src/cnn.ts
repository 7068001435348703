import { HardTanh, Relu6, Tanh } from '@lowbit/quantizers/tfjs'
import * as tf from '@tensorflow/tfjs'
import { initialize, pytorchBound } from './initialize.js'
import { ModelError } from './model-error.js'
import { through } from './through.js'

export type CnnName = 'CNN6' | 'CNN7' | 'CNN8' | 'CNN9' | 'CNN10'

/**
 * The convolutions, `filters(kernel)`, from `conv0` to `fc1`: stride 1, no padding but where `p` stands (1 pixel). P is a 2x2
 * max-pool. The classifier `fc2` follows.
 */
const convolutions: Readonly<Record<CnnName, string>> = {
  CNN6: '4(1) 8(5) P 16(3) P 32(3) P 64(2)',
  CNN7: '8(1) 8(3) 12(3) P 16(3) P 32(3) P 64(2)',
  CNN8: '8(1) 8(3) 12(3) P 24(3) P 24(3) 40(3) 64(2)',
  CNN9: '8(1) 8(3) 12(3) P 12(3p) 24(3) P 24(3) 48(3) 96(2)',
  CNN10: '8(1) 16(3p) 32(3p) P 32(3p) 64(3p) P 64(3) 64(3) 128(3) 256(2)',
}

export const cnnNames: readonly CnnName[] = ['CNN6', 'CNN7', 'CNN8', 'CNN9', 'CNN10']

/**
 * A small network for 32x32x3 images in [0, 1], not normalised -> logits [n, classes]. The family of the 4.6-bit quantization
 * experiments of the paper's group: every convolution has a batch norm but the last, `fc1`, which has a bias; the activation
 * stands before its convolution (hardtanh before `conv1`, relu6 before the others); the output of `conv0` is halved; tanh stands
 * before the classifier. `conv0` and `fc2` are meant to stay float.
 *
 * Starts as PyTorch's layers do, uniform in +-1/sqrt(fan_in), drawn from the seed: the same bits everywhere.
 *
 * @param seed whole number from 0 to 2^53 - 1
 * @throws ModelError `NETWORK` for an unknown name, `OPTION` for a seed or a number of classes out of range
 */
export function cnn(name: CnnName, { seed, classes = 10 }: { seed: number; classes?: number }): tf.LayersModel {
  if (!Object.hasOwn(convolutions, name)) {
    throw new ModelError('NETWORK', `cnn() network is ${JSON.stringify(name)}; expected one of ${cnnNames.join(', ')}`)
  }
  if (!Number.isSafeInteger(classes) || classes < 1) {
    throw new ModelError('OPTION', `cnn() classes is ${classes}; expected a whole number from 1`)
  }
  const image = tf.input({ shape: [32, 32, 3], name: 'image' })
  const features = convolutions[name].split(/ (?=\d)/).reduce((x, unit, index, units) => {
    const layer = index < units.length - 1 ? `conv${index}` : 'fc1'
    return through(x, ...block(unit, layer))
  }, image)
  const logits = through(
    features,
    new Tanh({ name: 'fc2_tanh' }),
    tf.layers.flatten({ name: 'flatten' }),
    tf.layers.dense({ units: classes, kernelInitializer: 'zeros', name: 'fc2' }),
  )
  const model = tf.model({ inputs: image, outputs: logits, name })
  initialize(model, seed, pytorchBound)
  return model
}

/** `16(3p) P` -> activation, 16 filters of 3x3 with zero padding that keeps the size, batch norm, max-pool. */
function block(unit: string, layer: string): tf.layers.Layer[] {
  const [, filters, kernelSize, padded, pooled] = /^(\d+)\((\d)(p?)\)( P)?$/.exec(unit)!
  const convolution = tf.layers.conv2d({
    filters: Number(filters),
    kernelSize: Number(kernelSize),
    padding: padded ? 'same' : 'valid',
    useBias: layer === 'fc1',
    kernelInitializer: 'zeros',
    name: layer,
  })
  const norm = tf.layers.batchNormalization({ momentum: 0.9, epsilon: 1e-5, name: `${layer}_norm` })
  const pool = tf.layers.maxPooling2d({ poolSize: 2, name: `${layer}_pool` })
  const relu6 = new Relu6({ name: `${layer}_relu6` })
  if (layer === 'conv0') return [convolution, norm, tf.layers.rescaling({ scale: 0.5, name: 'conv0_half' })]
  if (layer === 'fc1') return [relu6, convolution]
  const activation = layer === 'conv1' ? new HardTanh({ name: 'conv1_hardtanh' }) : relu6
  return pooled ? [activation, convolution, norm, pool] : [activation, convolution, norm]
}
