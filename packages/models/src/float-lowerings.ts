import type { Node, Shape } from '@lowbit/int-kernels/format'
import type * as tf from '@tensorflow/tfjs'
import { cannotLower, type Lowering } from './lowering.js'
import { pairOf, windowOf } from './window-of.js'

/** The lowering of a layer without quantization, by its class. */
export const floatLowerings: Readonly<Record<string, Lowering>> = {
  Conv2D: (layer, [image]) => floatConv2d(layer, image!.value, windowOf(layer, image!, kernelSize(layer))),
  Dense: (layer, [vector]) => floatDense(layer, vector!.value),
  MaxPooling2D(layer, [image]) {
    const { value, padding, nonNegative } = image!
    if (padding !== null && !nonNegative) {
      throw cannotLower(layer, 'reads zeros around an image that may be negative; expected a relu before the padding')
    }
    const size = pairOf(layer.getConfig().poolSize)
    return [{ operator: 'max-pool', name: layer.name, input: value, size, ...windowOf(layer, image!, size) }]
  },
  AveragePooling2D(layer, [image]) {
    const size = pairOf(layer.getConfig().poolSize)
    const { stride, padding } = windowOf(layer, image!, size)
    if (Object.values(padding).some((zeros) => zeros > 0)) {
      throw cannotLower(layer, 'averages over a padding; expected none')
    }
    return [{ operator: 'average-pool', name: layer.name, input: image!.value, size, stride }]
  },
  GlobalAveragePooling2D: (layer, [image]) => [
    { operator: 'global-average-pool', name: layer.name, input: image!.value },
  ],
  Add(layer, inputs) {
    const [first, second] = inputs
    if (inputs.length !== 2) throw cannotLower(layer, `adds ${inputs.length} values; expected 2`)
    return [{ operator: 'add', name: layer.name, inputs: [first!.value, second!.value] }]
  },
  Activation: (layer, [input]) => activation(layer, layer.name, input!.value),
  ReLU(layer, [input]) {
    const maximum = layer.getConfig().maxValue as number | null | undefined
    return [{ operator: 'clamp', name: layer.name, input: input!.value, minimum: 0, maximum: maximum ?? null }]
  },
  Relu6: (layer, [input]) => [{ operator: 'clamp', name: layer.name, input: input!.value, minimum: 0, maximum: 6 }],
  HardTanh: (layer, [input]) => [{ operator: 'clamp', name: layer.name, input: input!.value, minimum: -1, maximum: 1 }],
  Tanh: (layer, [input]) => [{ operator: 'tanh', name: layer.name, input: input!.value }],
  Rescaling(layer, [input]) {
    const { scale, offset } = layer.getConfig()
    if (offset !== 0) throw cannotLower(layer, `adds ${offset}; expected 0`)
    return [{ operator: 'rescale', name: layer.name, input: input!.value, factor: Math.fround(Number(scale)) }]
  },
  Flatten(layer, [input]) {
    return input!.shape.length === 1 ? [] : [{ operator: 'flatten', name: layer.name, input: input!.value }]
  },
  Dropout: () => [],
  OptionAShortcut(layer, [image]) {
    const { value, shape } = image!
    const channels = Number(layer.getConfig().filters) - shape[2]!
    const before = Math.floor(channels / 2)
    const sampled = `${layer.name}.sampled`
    const none = { top: 0, bottom: 0, left: 0, right: 0 }
    return [
      { operator: 'max-pool', name: sampled, input: value, size: [1, 1], stride: [2, 2], padding: none },
      { operator: 'pad-channels', name: layer.name, input: sampled, before, after: channels - before },
    ]
  },
}

/** A float convolution and the activation that its layer has taken in. */
export function floatConv2d(
  layer: tf.layers.Layer,
  input: string,
  window: ReturnType<typeof windowOf>,
): readonly Node[] {
  const { shape, values } = weight(layer, 'kernel')!
  return withActivation(layer, {
    operator: 'float-conv2d',
    name: layer.name,
    input,
    shape,
    weights: values,
    bias: weight(layer, 'bias')?.values ?? new Float32Array(shape.at(-1)!),
    ...window,
  })
}

export function floatDense(layer: tf.layers.Layer, input: string): readonly Node[] {
  const { shape, values } = weight(layer, 'kernel')!
  return withActivation(layer, {
    operator: 'float-dense',
    name: layer.name,
    input,
    shape,
    weights: values,
    bias: weight(layer, 'bias')?.values ?? new Float32Array(shape.at(-1)!),
  })
}

/** Height and width of a convolution's kernel. */
export function kernelSize(layer: tf.layers.Layer): readonly [number, number] {
  const { dilationRate, kernelSize } = layer.getConfig()
  const dilation = pairOf(dilationRate)
  if (dilation.some((rate) => rate !== 1)) throw cannotLower(layer, `is dilated by [${dilation}]; expected 1`)
  return pairOf(kernelSize)
}

/** A weight by its name within the layer, read from the backend. */
export function weight(layer: tf.layers.Layer, name: string): { shape: Shape; values: Float32Array } | undefined {
  const found = layer.weights.find(({ originalName }) => originalName === `${layer.name}/${name}`)?.read()
  return found && { shape: found.shape, values: found.dataSync<'float32'>() }
}

/** The node, and behind it the activation that stands in its layer's configuration; the last of them bears the layer's name. */
export function withActivation(layer: tf.layers.Layer, node: Node): readonly Node[] {
  const inner = `${layer.name}.linear`
  const nodes = activation(layer, layer.name, inner)
  return nodes.length === 0 ? [node] : [{ ...node, name: inner }, ...nodes]
}

function activation(layer: tf.layers.Layer, name: string, input: string): readonly Node[] {
  const { activation } = layer.getConfig()
  switch (activation) {
    case 'linear':
      return []
    case 'relu':
      return [{ operator: 'clamp', name, input, minimum: 0, maximum: null }]
    case 'relu6':
      return [{ operator: 'clamp', name, input, minimum: 0, maximum: 6 }]
    default:
      throw cannotLower(layer, `has the activation ${activation}; expected relu, relu6 or linear`)
  }
}
