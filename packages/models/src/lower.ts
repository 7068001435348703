import { encodeNetwork, type Network, type Node } from '@lowbit/int-kernels/format'
import type * as tf from '@tensorflow/tfjs'
import { floatLowerings } from './float-lowerings.js'
import { type LayerCall, layerGraph } from './layer-graph.js'
import { cannotLower, type Operand } from './lowering.js'
import { ModelError } from './model-error.js'
import { quantizedLowerings } from './quantized-lowerings.js'
import { paddingOf } from './window-of.js'

/**
 * A quantized model as the file of an integer network, which `@lowbit/int-kernels` runs and `docs/integer-network.md` describes.
 * Quantized layers become packed codes with i32 biases and one scale an output; what is float stays float, in f32 and in one
 * stated order. While every accumulator stays below 2^24, the network's outputs are the bits that the model gives in evaluation
 * where its float layers keep that order too, as with `@lowbit/train-kernels` on wasm.
 *
 * @throws ModelError `LOWER`, with the layer's name, for what has no counterpart: a layer that is quantized in part, a batch norm
 * (fold it first), tf's tanh and softmax, dilations, channels first, a layer that is called twice, a size that is left open
 */
export function lower(model: tf.LayersModel): Uint8Array<ArrayBuffer> {
  return encodeNetwork(integerNetwork(model))
}

/** What {@link lower} writes, as plain data. */
export function integerNetwork(model: tf.LayersModel): Network {
  if (model.inputs.length !== 1 || model.outputs.length !== 1) {
    const counts = `${model.inputs.length} inputs and ${model.outputs.length} outputs`
    throw new ModelError('LOWER', `lower() ${model.name} has ${counts}; expected one of each`)
  }
  const nodes: Node[] = []
  const operands = new Map<LayerCall, Operand>()
  const names = new Set<string>()
  const calls = layerGraph(model)
  for (const call of calls) {
    const { layer, inputs } = call
    if (names.has(layer.name)) throw cannotLower(layer, 'is called twice')
    names.add(layer.name)
    operands.set(
      call,
      lowerCall(
        call,
        inputs.map((from) => operands.get(from)!),
        nodes,
      ),
    )
  }
  const input = operands.get(calls.find(({ inputs }) => inputs.length === 0)!)!
  const output = operands.get(calls.at(-1)!)!
  return { input: { name: input.value, shape: input.shape }, nodes, output: output.value }
}

const lowerings: ReadonlyMap<string, (typeof floatLowerings)[string]> = new Map(
  Object.entries({ ...floatLowerings, ...quantizedLowerings }),
)

/** Layers that can put zeros around what they read. */
const readsPadding: ReadonlySet<string> = new Set(['QuantizedConv2D', 'Conv2D', 'MaxPooling2D'])

/** Appends a layer's nodes to those before it. */
function lowerCall({ layer, shape: open }: LayerCall, inputs: readonly Operand[], nodes: Node[]): Operand {
  const shape = open.map((size) => {
    if (size === null) throw cannotLower(layer, `gives the shape [${open.map(String)}]; expected whole sizes`)
    return size
  })
  const [first] = inputs
  if (first === undefined) return { value: layer.name, shape, padding: null, nonNegative: false }
  const kind = layer.getClassName()
  if (kind === 'ZeroPadding2D') return { ...first, shape, padding: paddingOf(layer, first) }
  const lowering = lowerings.get(kind)
  if (lowering === undefined) throw cannotLower(layer, `has no counterpart in an integer network${advice[kind] ?? ''}`)
  if (!readsPadding.has(kind) && inputs.some(({ padding }) => padding !== null)) {
    throw cannotLower(layer, 'reads a zero padding; expected a convolution or a max-pool behind it')
  }
  const made = lowering(layer, inputs)
  const last = made.at(-1)
  if (last === undefined) return first
  nodes.push(...made)
  const nonNegative = last.operator === 'clamp' && last.minimum !== null && last.minimum >= 0
  return { value: last.name, shape, padding: null, nonNegative }
}

const advice: Readonly<Record<string, string>> = {
  BatchNormalization: '; fold it into its convolution first: foldBatchNorm()',
  Softmax: '; take the logits',
}
