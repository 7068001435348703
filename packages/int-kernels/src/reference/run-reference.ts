import {
  type CodeRange,
  checkNetwork,
  IntegerNetworkError,
  inputsOf,
  type Network,
  type Node,
} from '../format/index.js'
import type { Value } from '../format/value.js'
import { conv2d, dense, floatConv2d, floatDense } from './convolution.js'
import { type Image, imageOf, newImage } from './image.js'
import { averagePool, maxPool } from './pooling.js'
import { dequantize, quantize } from './quantization.js'
import { tanhApproximation } from './tanh-approximation.js'

/**
 * Runs a network by obvious loops, in the very arithmetic of `docs/integer-network.md`: what fast kernels are held against.
 * @param input one image, as the network's input says
 * @returns the output of that image
 * @throws IntegerNetworkError where the network is not one, or INPUT where the image has another size
 */
export function runReference(network: Network, input: Float32Array): Float32Array {
  return runReferenceValues(network, input).get(network.output)!
}

/** Every value of a run by name; codes stand as numbers 0..levels - 1. */
export function runReferenceValues(network: Network, input: Float32Array): Map<string, Float32Array> {
  const values = checkNetwork(network)
  const images = new Map<string, Image>()
  const { shape } = network.input
  const expected = shape.reduce((product, size) => product * size, 1)
  if (input.length !== expected) {
    throw new IntegerNetworkError(
      'INPUT',
      `runReference() ${input.length} numbers, expected ${expected} for [${shape}]`,
    )
  }
  images.set(network.input.name, imageOf(shape, input))
  for (const node of network.nodes) {
    const [first, second] = inputsOf(node).map((name) => images.get(name)!)
    images.set(node.name, compute(node, first!, second, values.get(inputsOf(node)[0]!)!, values.get(node.name)!))
  }
  return new Map([...images].map(([name, { data }]) => [name, data]))
}

function compute(node: Node, input: Image, second: Image | undefined, from: Value, { shape }: Value): Image {
  const each = (f: (x: number, i: number) => number) => imageOf(shape, input.data.map(f))
  switch (node.operator) {
    case 'quantize':
      return each((x) => quantize(x, node))
    case 'dequantize':
      return each((code) => dequantize(code, rangeOf(from)))
    case 'conv2d':
      return conv2d(node, input, rangeOf(from), shape)
    case 'dense':
      return dense(node, input, rangeOf(from))
    case 'float-conv2d':
      return floatConv2d(node, input, shape)
    case 'float-dense':
      return floatDense(node, input)
    case 'max-pool':
      return maxPool(node, input, shape)
    case 'average-pool':
      return averagePool(node, input, shape)
    case 'global-average-pool':
      return averagePool({ size: [input.height, input.width], stride: [1, 1] }, input, [1, 1, ...shape])
    case 'add':
      return each((x, i) => Math.fround(x + second!.data[i]!))
    case 'clamp': {
      const { minimum, maximum } = node
      return each((x) => (minimum !== null && x < minimum ? minimum : maximum !== null && x > maximum ? maximum : x))
    }
    case 'tanh':
      return each(tanhApproximation)
    case 'rescale':
      return each((x) => Math.fround(x * node.factor))
    case 'flatten':
      return imageOf(shape, input.data)
    case 'pad-channels':
      return padChannels(input, node.before, from.kind === 'codes' ? from.range.zeroPoint : 0, shape)
  }
}

function padChannels(input: Image, before: number, zero: number, shape: readonly number[]): Image {
  const output = newImage(shape)
  output.data.fill(zero)
  for (let y = 0; y < input.height; y++) {
    for (let x = 0; x < input.width; x++) {
      for (let channel = 0; channel < input.channels; channel++) {
        output.set(y, x, before + channel, input.get(y, x, channel))
      }
    }
  }
  return output
}

function rangeOf(value: Value): CodeRange {
  if (value.kind !== 'codes') throw new TypeError('expected codes: checkNetwork lets no float through here')
  return value.range
}
