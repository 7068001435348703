import * as tf from '@tensorflow/tfjs'
import { heBound, initialize } from './initialize.js'
import { ModelError } from './model-error.js'
import { OptionAShortcut } from './option-a-shortcut.js'
import { through } from './through.js'

export type ResnetName = 'ResNet-18' | 'ResNet-34' | 'ResNet-20' | 'ResNet-56'

interface Architecture {
  readonly form: Form
  /** Blocks of two 3x3 convolutions in each stage. */
  readonly blocks: readonly number[]
  /** Filters of each stage. */
  readonly filters: readonly number[]
}

/** In what the networks for small images differ from those for large ones. */
interface Form {
  readonly imageSize: number
  readonly classes: number
  readonly classifier: string
  readonly stem: (image: tf.SymbolicTensor, filters: number) => tf.SymbolicTensor
  readonly shortcut: (x: tf.SymbolicTensor, filters: number, block: string) => tf.SymbolicTensor
}

const cifar: Form = {
  imageSize: 32,
  classes: 10,
  classifier: 'linear',
  stem: (image, filters) => through(image, ...normalised(filters, 3, 1, 'conv1', 'bn1'), relu('relu')),
  shortcut: (x, filters, block) => through(x, new OptionAShortcut({ filters, name: `${block}.shortcut` })),
}

const imagenet: Form = {
  imageSize: 224,
  classes: 1000,
  classifier: 'fc',
  stem: (image, filters) =>
    through(
      image,
      ...normalised(filters, 7, 2, 'conv1', 'bn1'),
      relu('relu'),
      // Behind a relu, padding with zeros is padding with minus infinity.
      tf.layers.zeroPadding2d({ padding: 1, name: 'maxpool.pad' }),
      tf.layers.maxPooling2d({ poolSize: 3, strides: 2, name: 'maxpool' }),
    ),
  shortcut: (x, filters, block) =>
    through(x, ...normalised(filters, 1, 2, `${block}.downsample.0`, `${block}.downsample.1`)),
}

const architectures: Readonly<Record<ResnetName, Architecture>> = {
  'ResNet-18': { form: imagenet, blocks: [2, 2, 2, 2], filters: [64, 128, 256, 512] },
  'ResNet-34': { form: imagenet, blocks: [3, 4, 6, 3], filters: [64, 128, 256, 512] },
  'ResNet-20': { form: cifar, blocks: [3, 3, 3], filters: [16, 32, 64] },
  'ResNet-56': { form: cifar, blocks: [9, 9, 9], filters: [16, 32, 64] },
}

export const resnetNames: readonly ResnetName[] = ['ResNet-18', 'ResNet-34', 'ResNet-20', 'ResNet-56']

/**
 * A residual network of two-convolution blocks (He et al. 2015, arXiv:1512.03385): images [n, size, size, 3], normalised by the
 * mean and deviation of the weights' training -> logits [n, classes].
 *
 * ResNet-20 and -56 are the paper's networks for CIFAR-10, with shortcuts that have no weights (option A); ResNet-18 and -34 are
 * torchvision's for ImageNet. Layers carry PyTorch's names (`layer2.0.conv1`) and its padding, the same on both sides, so that
 * {@link loadPyTorchWeights} fits. Kernels start uniform in +-sqrt(6/fan_in), drawn from the seed: the same bits everywhere.
 *
 * @param seed whole number from 0 to 2^53 - 1
 * @param imageSize height and width in pixels, a multiple of 4 for CIFAR's networks and of 32 for ImageNet's
 * @throws ModelError `NETWORK` for an unknown name, `OPTION` for a seed, a number of classes or a size out of range
 */
export function resnet(
  name: ResnetName,
  { seed, classes, imageSize }: { seed: number; classes?: number; imageSize?: number },
): tf.LayersModel {
  if (!Object.hasOwn(architectures, name)) {
    const expected = resnetNames.join(', ')
    throw new ModelError('NETWORK', `resnet() network is ${JSON.stringify(name)}; expected one of ${expected}`)
  }
  const { form, blocks, filters } = architectures[name]
  const size = imageSize ?? form.imageSize
  const step = form === cifar ? 4 : 32
  if (!Number.isSafeInteger(size) || size < step || size % step !== 0) {
    throw new ModelError('OPTION', `resnet() imageSize is ${size}; expected a multiple of ${step} for ${name}`)
  }
  const units = classes ?? form.classes
  if (!Number.isSafeInteger(units) || units < 1) {
    throw new ModelError('OPTION', `resnet() classes is ${units}; expected a whole number from 1`)
  }
  const image = tf.input({ shape: [size, size, 3], name: 'image' })
  let x = form.stem(image, filters[0]!)
  for (const [stage, count] of blocks.entries()) {
    for (let block = 0; block < count; block++) {
      x = residualBlock(
        x,
        filters[stage]!,
        stage > 0 && block === 0 ? form.shortcut : undefined,
        `layer${stage + 1}.${block}`,
      )
    }
  }
  const logits = through(
    x,
    tf.layers.globalAveragePooling2d({ name: 'avgpool' }),
    tf.layers.dense({ units, kernelInitializer: 'zeros', name: form.classifier }),
  )
  const model = tf.model({ inputs: image, outputs: logits, name })
  initialize(model, seed, heBound)
  return model
}

/** relu(x + bn(conv(relu(bn(conv(x)))))); halves the image where there is a shortcut to halve what is added. */
function residualBlock(x: tf.SymbolicTensor, filters: number, shortcut: Form['shortcut'] | undefined, name: string) {
  const residual = through(
    x,
    ...normalised(filters, 3, shortcut ? 2 : 1, `${name}.conv1`, `${name}.bn1`),
    relu(`${name}.relu1`),
    ...normalised(filters, 3, 1, `${name}.conv2`, `${name}.bn2`),
  )
  const added = tf.layers.add({ name: `${name}.add` }).apply([residual, shortcut ? shortcut(x, filters, name) : x])
  return through(added as tf.SymbolicTensor, relu(`${name}.relu2`))
}

/** A convolution as PyTorch pads it, (k - 1) / 2 pixels on every side, and its batch norm. */
function normalised(
  filters: number,
  kernelSize: number,
  strides: 1 | 2,
  name: string,
  norm: string,
): tf.layers.Layer[] {
  // tfjs pads less on top and left than PyTorch where the stride is 2.
  const own = strides === 2 && kernelSize > 1
  return [
    ...(own ? [tf.layers.zeroPadding2d({ padding: (kernelSize - 1) / 2, name: `${name}.pad` })] : []),
    tf.layers.conv2d({
      filters,
      kernelSize,
      strides,
      padding: own ? 'valid' : 'same',
      useBias: false,
      kernelInitializer: 'zeros',
      name,
    }),
    tf.layers.batchNormalization({ momentum: 0.9, epsilon: 1e-5, name: norm }),
  ]
}

const relu = (name: string): tf.layers.Layer => tf.layers.activation({ activation: 'relu', name })
