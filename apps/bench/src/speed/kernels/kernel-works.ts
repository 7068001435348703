import { detectEngine } from '@lowbit/int-kernels'
import { type IsolatedShape, isolatedConvolution } from '@lowbit/int-kernels/synthetic'
import * as tf from '@tensorflow/tfjs'
import { type OnnxWork, onnxPeer } from '../peers/onnxruntime.js'
import { tfjsPeer } from '../peers/tfjs.js'
import type { Contender, Peer, SpeedWork } from '../speed-work.js'
import { timed } from '../stopwatch.js'
import {
  byteConvolution,
  byteProduct,
  type ConvolutionShape,
  floatConvolution,
  floatProduct,
  type ProductShape,
} from './onnx-layers.js'

const BITS = [8, 6, 4, 2]

/** A large product of matrices, and the 3x3 convolutions of ResNet-18 with stride 1: integers in, integers out. */
export function kernelWorks({ threads }: { readonly threads: number }): SpeedWork[] {
  return [
    productWork({ rows: 784, depth: 1152, columns: 128 }, threads),
    convolutionWork({ side: 28, channels: 128 }, threads),
    convolutionWork({ side: 56, channels: 64 }, threads),
    convolutionWork({ side: 14, channels: 256 }, threads),
    convolutionWork({ side: 7, channels: 512 }, threads),
  ]
}

function productWork(shape: ProductShape, threads: number): SpeedWork {
  const { rows, depth, columns } = shape
  const tfjs = tfjsPeer(() => {
    const a = tf.randomUniform<tf.Rank.R2>([rows, depth])
    const b = tf.randomUniform<tf.Rank.R2>([depth, columns])
    return () => tf.matMul(a, b)
  })
  const size = [rows, depth]
  const float = { model: () => floatProduct(shape), input: () => floatInput(size) }
  const bytes = { model: () => byteProduct(shape), input: () => byteInput(size) }
  // Pixels are the rows of the matrix, as they are where a network has a convolution of 1 x 1.
  const asConvolution = { height: rows, width: 1, channels: depth, filters: columns, size: [1, 1] } as const
  return kernelWork(`gemm-${rows}x${depth}x${columns}`, asConvolution, [tfjs, ...onnxPeers(float, bytes, threads)])
}

function convolutionWork(shape: ConvolutionShape, threads: number): SpeedWork {
  const { side, channels } = shape
  const tfjs = tfjsPeer(() => {
    const x = tf.randomUniform<tf.Rank.R4>([1, side, side, channels])
    const w = tf.randomUniform<tf.Rank.R4>([3, 3, channels, channels])
    return () => tf.conv2d(x, w, 1, 'same')
  })
  const size = [1, channels, side, side]
  const float = { model: () => floatConvolution(shape), input: () => floatInput(size) }
  const bytes = { model: () => byteConvolution(shape), input: () => byteInput(size) }
  const ours = { height: side, width: side, channels, filters: channels, size: [3, 3] } as const
  return kernelWork(`conv3x3-${side}x${side}x${channels}`, ours, [tfjs, ...onnxPeers(float, bytes, threads)])
}

/** f32 and 8-bit integers in WebAssembly, and 8-bit integers in native code. */
const onnxPeers = (float: OnnxWork, bytes: OnnxWork, threads: number): readonly Peer[] => [
  onnxPeer('onnxruntime-web', 'f32', float, threads),
  onnxPeer('onnxruntime-web', 'int8', bytes, threads),
  onnxPeer('onnxruntime-node', 'int8', bytes, threads),
]

function kernelWork(name: string, shape: Omit<IsolatedShape, 'bits'>, peers: readonly Peer[]): SpeedWork {
  return {
    name,
    bits: BITS,
    async open() {
      const engine = detectEngine()
      const path = engine.relaxedDot ? 'relaxed' : 'plain'
      const kernels = await Promise.all(BITS.map((bits) => isolatedConvolution({ ...shape, bits }, engine)))
      const ours = kernels.map(
        (kernel, i): Contender => ({ ...timed('lowbit', kernel.run), bits: BITS[i]!, threads: 1, path }),
      )
      return { ours, peers, rate: { unit: 'gmacs', perCall: kernels[0]!.macs }, close: async () => {} }
    },
  }
}

/** Numbers in [0, 1) without a pattern that a processor could learn. */
function floatInput(shape: readonly number[]) {
  const count = shape.reduce((product, size) => product * size, 1)
  return { values: Float32Array.from({ length: count }, (_, i) => (i * 0.618034) % 1), shape }
}

function byteInput(shape: readonly number[]) {
  return { values: Uint8Array.from(floatInput(shape).values, (value) => 255 * value), shape }
}
