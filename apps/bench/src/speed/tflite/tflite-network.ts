import {
  type Add,
  type Conv2d,
  checkNetwork,
  type Dense,
  type FloatConv2d,
  type FloatDense,
  type Network,
  type Node,
  type Padding,
  type Pair,
  type Quantize,
} from '@lowbit/int-kernels/format'
import { encodeTflite, PADDING, type TfliteCall, type TfliteQuantization, type TfliteTensor } from './tflite-model.js'

/**
 * A network as a .tflite file, laid out as TensorFlow's converter does: int8 codes in, int8 codes out, weights around zero with a
 * scale for each filter, activations as ranges of codes; float where the network is. Windows that pad do it as `SAME` says,
 * which with a stride of 2 pads one pixel less before the image than PyTorch does: the same work, other borders.
 *
 * @param network its sums read codes (`networkOfBytes`), or it is float throughout
 */
export function tfliteNetwork(network: Network, batch: number): Uint8Array<ArrayBuffer> {
  const tensors: TfliteTensor[] = []
  const calls: TfliteCall[] = []
  const values = checkNetwork(network)
  /** Which tensor holds a value of the network. */
  const holders = new Map<string, TfliteTensor>()
  const shapeOf = (value: string) => [batch, ...values.get(value)!.shape]

  const tensor = (one: TfliteTensor): TfliteTensor => {
    tensors.push(one)
    return one
  }
  const emit = (
    operator: TfliteCall['operator'],
    inputs: readonly TfliteTensor[],
    output: TfliteTensor,
    options = {},
  ) => {
    calls.push({ operator, inputs: inputs.map(({ name }) => name), output: output.name, options })
    return output
  }
  const asFloat = (value: string): TfliteTensor => {
    const held = holders.get(value)!
    if (held.type === 'float32') return held
    return emit(
      'dequantize',
      [held],
      tensor({ name: `${held.name}/float ${calls.length}`, shape: held.shape, type: 'float32' }),
    )
  }
  const result = (node: Node, from: TfliteTensor): TfliteTensor => {
    const base = { name: node.name, shape: shapeOf(node.name) }
    if (from.type === 'float32') return tensor({ ...base, type: 'float32' })
    return tensor({ ...base, type: 'int8', quantization: rangeOf(readerOf(network, node.name)) })
  }

  const build = (node: Node): TfliteTensor => {
    if (node.operator === 'add') return addOf(node)
    const from = holders.get(node.input)!
    switch (node.operator) {
      case 'quantize': {
        const quantization = rangeOf(node)
        if (from.type === 'int8' && sameRange(from.quantization!, quantization)) return from
        return emit('quantize', [from], tensor({ name: node.name, shape: from.shape, type: 'int8', quantization }))
      }
      case 'dequantize':
        return from
      case 'conv2d':
        return emit('conv2d', [from, ...integerConstants(node, from)], result(node, from), convolution(node))
      case 'float-conv2d':
        return emit('conv2d', [asFloat(node.input), ...floatConstants(node)], floatResult(node), convolution(node))
      case 'dense':
        return emit('fullyConnected', [from, ...integerConstants(node, from)], result(node, from))
      case 'float-dense':
        return emit('fullyConnected', [asFloat(node.input), ...floatConstants(node)], floatResult(node))
      case 'max-pool': {
        const [height, width] = node.size
        const output = tensor({ ...from, name: node.name, shape: shapeOf(node.name) })
        return emit('maxPool2d', [from], output, { ...windowOf(node.stride, node.padding), height, width })
      }
      case 'global-average-pool': {
        const axes = tensor({ name: `${node.name}/axes`, shape: [2], type: 'int32', data: Int32Array.of(1, 2) })
        return emit('mean', [from, axes], result(node, from))
      }
      case 'flatten': {
        const shape = shapeOf(node.name)
        const sizes = tensor({ name: `${node.name}/shape`, shape: [2], type: 'int32', data: Int32Array.from(shape) })
        return emit('reshape', [from, sizes], tensor({ ...from, name: node.name, shape }))
      }
      case 'rescale': {
        const factor = Float32Array.of(node.factor)
        const by = tensor({ name: `${node.name}/factor`, shape: [1], type: 'float32', data: factor })
        return emit('mul', [asFloat(node.input), by], floatResult(node))
      }
      case 'clamp':
        // Codes cannot leave the range that the clamp would hold them in.
        return from.type === 'int8' ? from : emit(clampOf(node.minimum, node.maximum), [from], floatResult(node))
      case 'tanh':
        return emit('tanh', [asFloat(node.input)], floatResult(node))
      default:
        throw new TypeError(
          `tfliteNetwork() ${node.operator} ${node.name}: expected an operator of the networks that are timed`,
        )
    }
  }
  const floatResult = ({ name }: Node) => tensor({ name, shape: shapeOf(name), type: 'float32' })
  const addOf = (node: Add) => {
    const inputs = node.inputs.map((input) => holders.get(input)!)
    return emit('add', inputs, result(node, inputs[0]!))
  }
  const integerConstants = (node: Conv2d | Dense, input: TfliteTensor): TfliteTensor[] => {
    const { shape } = node.weights
    const filters = shape.at(-1)!
    const scale = Array.from({ length: filters }, (_, filter) => node.scale[filter % node.scale.length]!)
    const inputScale = input.quantization!.scale[0]!
    const zeros = scale.map(() => 0)
    const weights = { scale: scale.map((combined) => combined / inputScale), zeroPoint: zeros, axis: 0 }
    const data = filtersFirst(signedWeights(node), filters)
    return [
      tensor({ name: `${node.name}/weights`, shape: tfliteShape(shape), type: 'int8', data, quantization: weights }),
      tensor({
        ...{ name: `${node.name}/bias`, shape: [filters], type: 'int32', data: node.bias },
        quantization: { scale, zeroPoint: zeros, axis: 0 },
      }),
    ]
  }
  const floatConstants = ({ name, shape, weights, bias }: FloatConv2d | FloatDense): TfliteTensor[] => [
    tensor({
      name: `${name}/weights`,
      shape: tfliteShape(shape),
      type: 'float32',
      data: filtersFirst(weights, bias.length),
    }),
    tensor({ name: `${name}/bias`, shape: [bias.length], type: 'float32', data: bias }),
  ]

  const { input, nodes, output } = network
  holders.set(input.name, tensor({ name: input.name, shape: [batch, ...input.shape], type: 'float32' }))
  for (const node of nodes) holders.set(node.name, build(node))
  const outputTensor = asFloat(output)
  return encodeTflite({ tensors, calls, input: input.name, output: outputTensor.name })
}

/** The quantizer that reads a value, straight or behind a clamp. */
function readerOf({ nodes }: Network, value: string): Quantize | undefined {
  const readers = nodes.filter((node) => node.operator !== 'add' && node.input === value)
  const quantizer = readers.find((node): node is Quantize => node.operator === 'quantize')
  const behind = readers.find(({ operator }) => operator === 'clamp' || operator === 'global-average-pool')
  return quantizer ?? (behind && readerOf({ nodes } as Network, behind.name))
}

/** int8 codes are ours less 128. A value that no quantizer reads gets a range of no meaning: it costs the same. */
function rangeOf(quantizer: Quantize | undefined): TfliteQuantization {
  if (quantizer === undefined) return { scale: [0.02], zeroPoint: [0] }
  return { scale: [quantizer.scale], zeroPoint: [quantizer.zeroPoint - 128] }
}

const sameRange = (a: TfliteQuantization, b: TfliteQuantization) =>
  a.scale[0] === b.scale[0] && a.zeroPoint[0] === b.zeroPoint[0]

/** Around zero; where ours have another zero point, the largest saturate. */
function signedWeights({ weights: { codes, zeroPoint } }: Conv2d | Dense): Int8Array {
  return Int8Array.from(codes, (code, i) => Math.max(-127, Math.min(127, code - zeroPoint[i % zeroPoint.length]!)))
}

/** [height, width, inputs, filters] -> [filters, height, width, inputs]; [inputs, units] -> [units, inputs]. */
const tfliteShape = (shape: readonly number[]) => [shape.at(-1)!, ...shape.slice(0, -1)]

function filtersFirst<T extends Float32Array | Int8Array>(values: T, filters: number): T {
  const moved = values.slice() as T
  const each = values.length / filters
  for (let i = 0; i < values.length; i++) moved[(i % filters) * each + Math.floor(i / filters)] = values[i]!
  return moved
}

const convolution = ({ stride, padding }: Conv2d | FloatConv2d) => ({
  ...windowOf(stride, padding),
  ...{ dilationWidth: 1, dilationHeight: 1 },
})

function windowOf([strideHeight, strideWidth]: Pair, sides: Padding) {
  const padded = Object.values(sides).some((zeros) => zeros > 0)
  return { padding: padded ? PADDING.same : PADDING.valid, strideHeight, strideWidth }
}

function clampOf(minimum: number | null, maximum: number | null): 'relu' | 'relu6' | 'reluN1To1' {
  if (minimum === 0 && maximum === null) return 'relu'
  return minimum === 0 ? 'relu6' : 'reluN1To1'
}
