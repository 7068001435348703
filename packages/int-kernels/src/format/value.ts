import { IntegerNetworkError, type IntegerNetworkErrorCode } from './integer-network-error.js'
import { elementsOf, limits } from './limits.js'
import type { CodeRange, Node, Padding, Pair, Shape } from './network.js'
import { noPadding, windowedSize } from './window.js'

/** What flows between nodes, of one image. */
export type Value =
  | { readonly kind: 'float'; readonly shape: Shape }
  | { readonly kind: 'codes'; readonly shape: Shape; readonly range: CodeRange }

/**
 * The value that a node makes of its inputs.
 * @throws IntegerNetworkError SHAPE, RANGE, LIMIT or GRAPH where node and inputs do not fit
 */
export function valueMadeBy(node: Node, [input, second]: readonly [Value, Value | undefined]): Value {
  const value = make(node, input, second)
  const elements = elementsOf(value.shape)
  if (elements > limits.elements || value.shape.some((size) => size > limits.dimension)) {
    throw refuse(node, 'LIMIT', `shape [${value.shape}], at most ${limits.elements} elements`)
  }
  return value
}

function make(node: Node, input: Value, second: Value | undefined): Value {
  switch (node.operator) {
    case 'quantize': {
      const { scale, zeroPoint, levels, minimum, maximum } = node
      expectFloat(node, input)
      checkRange(node, node)
      return { kind: 'codes', shape: input.shape, range: { scale, zeroPoint, levels, minimum, maximum } }
    }
    case 'dequantize':
      expectCodes(node, input)
      return { kind: 'float', shape: input.shape }
    case 'conv2d':
      expectCodes(node, input)
      expectWhole(node, 'groups', node.groups, 1, limits.dimension)
      return convolved(node, input, node.weights.shape, node.groups)
    case 'dense':
      expectCodes(node, input)
      return multiplied(node, input, node.weights.shape)
    case 'float-conv2d':
      expectFloat(node, input)
      return convolved(node, input, node.shape, 1)
    case 'float-dense':
      expectFloat(node, input)
      return multiplied(node, input, node.shape)
    case 'max-pool': {
      const [height, width, channels] = expectImage(node, input)
      expectSmallWindow(node, node.size)
      return { ...input, shape: [...windows(node, [height, width], node.size, node.stride, node.padding), channels] }
    }
    case 'average-pool': {
      expectFloat(node, input)
      expectSmallWindow(node, node.size)
      const [height, width, channels] = expectImage(node, input)
      return {
        kind: 'float',
        shape: [...windows(node, [height, width], node.size, node.stride, noPadding), channels],
      }
    }
    case 'global-average-pool':
      expectFloat(node, input)
      return { kind: 'float', shape: [expectImage(node, input)[2]] }
    case 'add':
      expectFloat(node, input)
      expectFloat(node, second!)
      expectShape(node, second!, input.shape)
      return { kind: 'float', shape: input.shape }
    case 'clamp': {
      expectFloat(node, input)
      const { minimum, maximum } = node
      if (minimum !== null) expectF32(node, 'minimum', minimum)
      if (maximum !== null) expectF32(node, 'maximum', maximum)
      if (minimum !== null && maximum !== null && minimum > maximum) {
        throw refuse(node, 'RANGE', `minimum ${minimum} above maximum ${maximum}`)
      }
      return input
    }
    case 'tanh':
      expectFloat(node, input)
      return input
    case 'rescale':
      expectFloat(node, input)
      expectF32(node, 'factor', node.factor)
      return input
    case 'flatten': {
      const [height, width, channels] = expectImage(node, input)
      return { ...input, shape: [height * width * channels] }
    }
    case 'pad-channels': {
      const [height, width, channels] = expectImage(node, input)
      expectWhole(node, 'before', node.before, 0, limits.dimension)
      expectWhole(node, 'after', node.after, 0, limits.dimension)
      return { ...input, shape: [height, width, node.before + channels + node.after] }
    }
  }
}

type Convolution = Extract<Node, { readonly operator: 'conv2d' | 'float-conv2d' }>

function convolved(node: Convolution, input: Value, weights: Shape, groups: number): Value {
  const [height, width, channels] = expectImage(node, input)
  const [kernelHeight, kernelWidth, groupChannels, filters] = expectDimensions(node, weights, 4)
  if (groupChannels! * groups !== channels || filters! % groups !== 0) {
    throw refuse(node, 'SHAPE', `weights [${weights}] in ${groups} groups for ${channels} input channels`)
  }
  const rows = windows(node, [height, width], [kernelHeight!, kernelWidth!], node.stride, node.padding)
  return { kind: 'float', shape: [...rows, filters!] }
}

function multiplied(node: Node, input: Value, weights: Shape): Value {
  const [inputs, units] = expectDimensions(node, weights, 2)
  expectShape(node, input, [inputs!])
  return { kind: 'float', shape: [units!] }
}

/** Sizes of weights or of the input, and how many elements that makes. */
export function expectSizes(node: Named, shape: Shape): void {
  for (const size of shape) expectWhole(node, `a dimension of [${shape}]`, size, 1, limits.dimension)
  const elements = elementsOf(shape)
  if (elements > limits.elements) throw refuse(node, 'LIMIT', `${elements} elements, at most ${limits.elements}`)
}

export function expectLevels(node: Named, levels: number): void {
  if (!Number.isInteger(levels) || levels < 2 || levels > 256) {
    throw refuse(node, 'RANGE', `levels is ${levels}, expected a whole number from 2 to 256`)
  }
}

/** A node, or what is to become one, or the input. */
export interface Named {
  readonly operator: string
  readonly name: string
}

export function refuse(node: Named, code: IntegerNetworkErrorCode, what: string): IntegerNetworkError {
  return new IntegerNetworkError(code, `${node.operator} ${JSON.stringify(node.name)}: ${what}`)
}

function expectFloat(node: Node, input: Value): void {
  if (input.kind !== 'float') throw refuse(node, 'GRAPH', 'reads codes, expected float')
}

function expectCodes(node: Node, input: Value): void {
  if (input.kind !== 'codes') throw refuse(node, 'GRAPH', 'reads float, expected codes')
}

function expectImage(node: Node, { shape }: Value): [height: number, width: number, channels: number] {
  const [height, width, channels] = shape
  if (shape.length !== 3) throw refuse(node, 'SHAPE', `reads shape [${shape}], expected [height, width, channels]`)
  return [height!, width!, channels!]
}

function expectShape(node: Node, { shape }: Value, expected: Shape): void {
  if (shape.length !== expected.length || shape.some((size, i) => size !== expected[i])) {
    throw refuse(node, 'SHAPE', `reads shape [${shape}], expected [${expected}]`)
  }
}

function expectWhole(node: Named, field: string, value: number, minimum: number, maximum: number): void {
  if (!Number.isInteger(value) || value < minimum || value > maximum) {
    throw refuse(node, 'SHAPE', `${field} is ${value}, expected a whole number from ${minimum} to ${maximum}`)
  }
}

function expectDimensions(node: Node, shape: Shape, count: number): Shape {
  if (shape.length !== count) throw refuse(node, 'SHAPE', `weights have shape [${shape}], expected ${count} dimensions`)
  expectSizes(node, shape)
  return shape
}

function expectSmallWindow(node: Node, [rows, columns]: Pair): void {
  if (rows * columns > limits.window) {
    throw refuse(node, 'LIMIT', `a window of ${rows} x ${columns} pixels, at most ${limits.window}`)
  }
}

function expectF32(node: Node, field: string, value: number): void {
  if (!Number.isFinite(value) || Math.fround(value) !== value) {
    throw refuse(node, 'RANGE', `${field} is ${value}, expected a finite f32`)
  }
}

function windows(node: Node, extent: Pair, size: Pair, stride: Pair, padding: Padding): [number, number] {
  for (const [field, pair] of [['size', size] as const, ['stride', stride] as const]) {
    for (const value of pair) expectWhole(node, field, value, 1, limits.dimension)
  }
  for (const side of ['top', 'bottom', 'left', 'right'] as const) {
    const along = side === 'top' || side === 'bottom' ? 0 : 1
    // A window that lies in padding alone would have no maximum, and says nothing of the input anyway.
    expectWhole(node, `padding ${side}`, padding[side], 0, size[along] - 1)
  }
  const [rows, columns] = windowedSize(extent, size, stride, padding)
  if (rows < 1 || columns < 1) throw refuse(node, 'SHAPE', `a window of ${size} does not fit into ${extent}`)
  return [rows, columns]
}

function checkRange(node: Node, { scale, zeroPoint, levels, minimum, maximum }: CodeRange): void {
  expectLevels(node, levels)
  expectF32(node, 'scale', scale)
  const inverse = Math.fround(1 / scale)
  if (!(scale > 0 && inverse > 0 && inverse < Infinity)) {
    throw refuse(node, 'RANGE', `scale is ${scale}, expected one above 0 whose inverse is an f32`)
  }
  const ordered = [0, minimum, zeroPoint, maximum, levels - 1]
  if (!ordered.every((code, i) => Number.isInteger(code) && (i === 0 || code >= ordered[i - 1]!))) {
    throw refuse(
      node,
      'RANGE',
      `minimum ${minimum}, zero point ${zeroPoint}, maximum ${maximum}, expected 0 <= minimum <= zero point <= maximum < ${levels}`,
    )
  }
}
