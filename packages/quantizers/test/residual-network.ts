import * as tf from '@tensorflow/tfjs'

const initializer = (seed: number) => tf.initializers.randomNormal({ stddev: 0.3, seed })

/** Gives a batch norm something to do: mean, variance, gamma and beta that are not those that it begins with. */
function norm(name: string, seed: number): tf.layers.Layer {
  return tf.layers.batchNormalization({
    name,
    betaInitializer: initializer(seed),
    gammaInitializer: tf.initializers.randomUniform({ minval: 0.5, maxval: 1.5, seed: seed + 1 }),
    movingMeanInitializer: initializer(seed + 2),
    movingVarianceInitializer: tf.initializers.randomUniform({ minval: 0.5, maxval: 2, seed: seed + 3 }),
  })
}

const conv = (
  name: string,
  filters: number,
  seed: number,
  args: Partial<Parameters<typeof tf.layers.conv2d>[0]> = {},
) =>
  tf.layers.conv2d({
    name,
    filters,
    kernelSize: 3,
    padding: 'same',
    useBias: false,
    kernelInitializer: initializer(seed),
    ...args,
  })

/**
 * 8x8x3 -> 5: stem, two residual blocks (the second with a strided projection), pooling, classifier. `relu0` is read by a
 * convolution and by an addition, `relu2` by two convolutions; `relu1a` and `relu2a` by one convolution each.
 */
export function residualNetwork(): tf.LayersModel {
  const through = (x: tf.SymbolicTensor, ...layers: tf.layers.Layer[]) =>
    layers.reduce((value, layer) => layer.apply(value) as tf.SymbolicTensor, x)
  const add = (name: string, ...tensors: tf.SymbolicTensor[]) =>
    tf.layers.add({ name }).apply(tensors) as tf.SymbolicTensor
  const relu = (name: string) => tf.layers.reLU({ name })

  const image = tf.input({ shape: [8, 8, 3], name: 'image' })
  const stem = through(image, conv('stem', 4, 1), norm('stem_norm', 11), relu('relu0'))
  const body1 = through(
    stem,
    conv('conv1a', 4, 2),
    norm('norm1a', 21),
    relu('relu1a'),
    conv('conv1b', 4, 3),
    norm('norm1b', 31),
  )
  const block1 = through(add('add1', body1, stem), relu('relu2'))
  const body2 = through(
    block1,
    conv('conv2a', 6, 4, { strides: 2 }),
    norm('norm2a', 41),
    relu('relu2a'),
    conv('conv2b', 6, 5),
    norm('norm2b', 51),
  )
  const shortcut = through(block1, conv('projection', 6, 6, { strides: 2, kernelSize: 1 }), norm('projection_norm', 61))
  const block2 = through(add('add2', body2, shortcut), relu('relu3'))
  const logits = through(
    block2,
    tf.layers.globalAveragePooling2d({ name: 'pool' }),
    tf.layers.dense({ name: 'classifier', units: 5, kernelInitializer: initializer(7) }),
  )
  return tf.model({ inputs: image, outputs: logits, name: 'residual' })
}
