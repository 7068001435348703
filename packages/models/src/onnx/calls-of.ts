import type { CodeRange, Conv2d, Dense, Node, Padding, Pair, Shape, Value } from '@lowbit/int-kernels/format'
import type { Call, Constant } from './model-proto.js'

/**
 * What a node of an integer network is in ONNX. Images are NCHW here and filters OIHW; codes are uint8 between QuantizeLinear and
 * DequantizeLinear, and so are weights.
 *
 * @param from what the node reads
 */
export function callsOf(node: Node, from: Value): readonly Call[] {
  const { name } = node
  const own = (part: string) => `${name}/${part}`
  switch (node.operator) {
    case 'quantize': {
      const { input, scale, zeroPoint, minimum, maximum } = node
      // QuantizeLinear saturates at 0 and 255 only: the clamp comes first.
      const bound = (part: string, code: number) => scalar(own(part), Math.fround(scale * (code - zeroPoint)))
      return [
        call('Clip', [input, bound('minimum', minimum), bound('maximum', maximum)], own('clipped')),
        call('QuantizeLinear', [own('clipped'), ...scaleAndZeroPoint(name, node)], name),
      ]
    }
    case 'dequantize':
      return [call('DequantizeLinear', [node.input, ...scaleAndZeroPoint(name, rangeOf(from))], name)]
    case 'conv2d': {
      const { shape, codes } = node.weights
      const weights: Constant = { name: own('weights.codes'), shape: oihw(shape), data: filtersFirst(codes, shape) }
      const attributes = { ...windowOf(shape, node.stride, node.padding), group: node.groups }
      return [...dequantized(node, rangeOf(from), weights, 0), call('Conv', operandsOf(name), name, attributes)]
    }
    case 'dense': {
      const { shape, codes } = node.weights
      const weights: Constant = { name: own('weights.codes'), shape, data: codes }
      return [...dequantized(node, rangeOf(from), weights, 1), call('Gemm', operandsOf(name), name)]
    }
    case 'float-conv2d': {
      const { input, shape, weights, bias, stride, padding } = node
      const filters: Constant = { name: own('weights'), shape: oihw(shape), data: filtersFirst(weights, shape) }
      return [call('Conv', [input, filters, vector(own('bias'), bias)], name, windowOf(shape, stride, padding))]
    }
    case 'float-dense': {
      const { input, shape, weights, bias } = node
      return [call('Gemm', [input, { name: own('weights'), shape, data: weights }, vector(own('bias'), bias)], name)]
    }
    case 'max-pool':
      return [call('MaxPool', [node.input], name, windowOf(node.size, node.stride, node.padding))]
    case 'average-pool':
      return [call('AveragePool', [node.input], name, { kernel_shape: node.size, strides: node.stride })]
    case 'global-average-pool':
      return [call('GlobalAveragePool', [node.input], own('pixel')), call('Flatten', [own('pixel')], name)]
    case 'add':
      return [call('Add', node.inputs, name)]
    case 'clamp': {
      const bound = (part: 'minimum' | 'maximum') => (node[part] === null ? '' : scalar(own(part), node[part]))
      return [call('Clip', [node.input, bound('minimum'), bound('maximum')], name)]
    }
    case 'tanh':
      return [call('Tanh', [node.input], name)]
    case 'rescale':
      return [call('Mul', [node.input, scalar(own('factor'), node.factor)], name)]
    case 'flatten':
      return [call('Transpose', [node.input], own('nhwc'), toNhwc), call('Flatten', [own('nhwc')], name)]
    case 'pad-channels': {
      const pads = BigInt64Array.from([0, node.before, 0, 0, 0, node.after, 0, 0], BigInt)
      const zero = from.kind === 'codes' ? code(own('zero'), from.range.zeroPoint) : scalar(own('zero'), 0)
      return [call('Pad', [node.input, { name: own('pads'), shape: [8], data: pads }, zero], name)]
    }
  }
}

export const toNchw = { perm: [0, 3, 1, 2] }
export const toNhwc = { perm: [0, 2, 3, 1] }

export function call(
  opType: string,
  inputs: Call['inputs'],
  output: string,
  attributes: Call['attributes'] = {},
): Call {
  return { opType, inputs, output, attributes }
}

/** What {@link dequantized} makes. */
const operandsOf = (name: string): string[] => [`${name}/input`, `${name}/weights`, `${name}/bias`]

/** Input, weights and bias of an integer layer as the numbers that their codes stand for. */
function dequantized(node: Conv2d | Dense, input: CodeRange, weights: Constant, filterAxis: number): readonly Call[] {
  const [inputName, weightsName, biasName] = operandsOf(node.name) as [string, string, string]
  const { zeroPoint } = node.weights
  // ONNX asks for as many zero points as scales.
  const count = Math.max(node.scale.length, zeroPoint.length)
  const perFilter = count === 1 ? [] : [count]
  const scales = Float32Array.from({ length: count }, (_, i) => node.scale[i % node.scale.length]!)
  const zeroPoints = Uint8Array.from({ length: count }, (_, i) => zeroPoint[i % zeroPoint.length]!)
  const weightScale: Constant = {
    name: `${weightsName}.scale`,
    shape: perFilter,
    data: scales.map((scale) => scale / input.scale),
  }
  const weightZeroPoint: Constant = { name: `${weightsName}.zero_point`, shape: perFilter, data: zeroPoints }
  const biasScale: Constant = { name: `${biasName}.scale`, shape: perFilter, data: scales }
  const biasCodes: Constant = { name: `${biasName}.codes`, shape: [node.bias.length], data: node.bias }
  return [
    call('DequantizeLinear', [node.input, ...scaleAndZeroPoint(inputName, input)], inputName),
    call('DequantizeLinear', [weights, weightScale, weightZeroPoint], weightsName, { axis: filterAxis }),
    call('DequantizeLinear', [biasCodes, biasScale], biasName, { axis: 0 }),
  ]
}

/** What QuantizeLinear and DequantizeLinear are given beside the values. */
function scaleAndZeroPoint(name: string, { scale, zeroPoint }: CodeRange): readonly [Constant, Constant] {
  return [scalar(`${name}.scale`, scale), code(`${name}.zero_point`, zeroPoint)]
}

const scalar = (name: string, value: number): Constant => ({ name, shape: [], data: Float32Array.of(value) })
const code = (name: string, value: number): Constant => ({ name, shape: [], data: Uint8Array.of(value) })
const vector = (name: string, data: Float32Array): Constant => ({ name, shape: [data.length], data })

/** A window's size stands in the first two numbers of `shape`. */
function windowOf([height, width]: Shape, stride: Pair, { top, left, bottom, right }: Padding): Call['attributes'] {
  return { kernel_shape: [height!, width!], strides: stride, pads: [top, left, bottom, right] }
}

/** [height, width, channels, filters] -> [filters, channels, height, width] */
const oihw = ([height, width, channels, filters]: Shape): Shape => [filters!, channels!, height!, width!]

/** The elements of filters, HWIO -> OIHW. */
function filtersFirst<T extends Float32Array | Uint8Array>(values: T, [height, width, channels, filters]: Shape): T {
  const result = values.slice() as T
  const [places, inputs, outputs] = [height! * width!, channels!, filters!]
  for (let place = 0; place < places; place++) {
    for (let c = 0; c < inputs; c++) {
      for (let f = 0; f < outputs; f++) {
        result[(f * inputs + c) * places + place] = values[(place * inputs + c) * outputs + f]!
      }
    }
  }
  return result
}

function rangeOf(value: Value): CodeRange {
  if (value.kind !== 'codes') throw new TypeError('expected codes: checkNetwork lets no float through here')
  return value.range
}
