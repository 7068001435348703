import { detectEngine } from '@lowbit/int-kernels'
import { type IsolatedShape, isolatedConvolution } from '@lowbit/int-kernels/synthetic'
import * as tf from '@tensorflow/tfjs'
import type { BrowserPage } from '../../browser/open-browser.js'
import { type ModelWork, pageConvolution, pageLiteRtPeer, pageOnnxPeer } from '../browser/page-works.js'
import { onnxPeer } from '../peers/onnxruntime.js'
import { tfjsPeer } from '../peers/tfjs.js'
import type { Contender, Peer, SpeedPlace, SpeedWork } from '../speed-work.js'
import { timed } from '../stopwatch.js'
import { tfliteConvolution, tfliteProduct } from '../tflite/tflite-layers.js'
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
export function kernelWorks(place: SpeedPlace): SpeedWork[] {
  return [
    productWork({ rows: 784, depth: 1152, columns: 128 }, place),
    convolutionWork({ side: 28, channels: 128 }, place),
    convolutionWork({ side: 56, channels: 64 }, place),
    convolutionWork({ side: 14, channels: 256 }, place),
    convolutionWork({ side: 7, channels: 512 }, place),
  ]
}

function productWork(shape: ProductShape, place: SpeedPlace): SpeedWork {
  const { rows, depth, columns } = shape
  // Pixels are the rows of the matrix, as they are where a network has a convolution of 1 x 1.
  const asConvolution = { height: rows, width: 1, channels: depth, filters: columns, size: [1, 1] } as const
  const input = [rows, depth]
  return kernelWork(`gemm-${rows}x${depth}x${columns}`, asConvolution, place, {
    tfjs() {
      const a = tf.randomUniform<tf.Rank.R2>([rows, depth])
      const b = tf.randomUniform<tf.Rank.R2>([depth, columns])
      return () => tf.matMul(a, b)
    },
    onnxFloat: { model: () => floatProduct(shape), input: () => floatInput(input) },
    onnxBytes: { model: () => byteProduct(shape), input: () => byteInput(input) },
    liteRtFloat: { model: () => tfliteProduct(shape, 'float32'), input: () => floatInput([1, rows, 1, depth]) },
    liteRtBytes: { model: () => tfliteProduct(shape, 'int8'), input: () => byteInput([1, rows, 1, depth]) },
  })
}

function convolutionWork(shape: ConvolutionShape, place: SpeedPlace): SpeedWork {
  const { side, channels } = shape
  const ours = { height: side, width: side, channels, filters: channels, size: [3, 3] } as const
  const [nchw, nhwc] = [
    [1, channels, side, side],
    [1, side, side, channels],
  ]
  return kernelWork(`conv3x3-${side}x${side}x${channels}`, ours, place, {
    tfjs() {
      const x = tf.randomUniform<tf.Rank.R4>([1, side, side, channels])
      const w = tf.randomUniform<tf.Rank.R4>([3, 3, channels, channels])
      return () => tf.conv2d(x, w, 1, 'same')
    },
    onnxFloat: { model: () => floatConvolution(shape), input: () => floatInput(nchw!) },
    onnxBytes: { model: () => byteConvolution(shape), input: () => byteInput(nchw!) },
    liteRtFloat: { model: () => tfliteConvolution(shape, 'float32'), input: () => floatInput(nhwc!) },
    liteRtBytes: { model: () => tfliteConvolution(shape, 'int8'), input: () => byteInput(nhwc!) },
  })
}

/** The same layer as each peer takes it. */
interface PeerLayers {
  readonly tfjs: () => () => tf.Tensor
  readonly onnxFloat: ModelWork
  readonly onnxBytes: ModelWork
  readonly liteRtFloat: ModelWork
  readonly liteRtBytes: ModelWork
}

function kernelWork(
  name: string,
  shape: Omit<IsolatedShape, 'bits'>,
  { threads, page }: SpeedPlace,
  layers: PeerLayers,
): SpeedWork {
  const rateOf = (macs: number) => ({ unit: 'gmacs', perCall: macs }) as const
  return {
    name,
    bits: BITS,
    async open() {
      if (page) {
        const opened = []
        for (const bits of BITS) opened.push(await pageConvolution(page, { ...shape, bits }))
        const ours = opened.map(({ contender }) => contender)
        return { ours, peers: peersInPage(page, layers), rate: rateOf(opened[0]!.macs), close: async () => {} }
      }
      const engine = detectEngine()
      const path = engine.relaxedDot ? 'relaxed' : 'plain'
      const kernels = await Promise.all(BITS.map((bits) => isolatedConvolution({ ...shape, bits }, engine)))
      const ours = kernels.map(
        (kernel, i): Contender => ({ ...timed('lowbit', kernel.run), bits: BITS[i]!, threads: 1, path }),
      )
      return { ours, peers: peersHere(layers, threads), rate: rateOf(kernels[0]!.macs), close: async () => {} }
    },
  }
}

/** f32 and 8-bit integers in WebAssembly, and 8-bit integers in native code. */
const peersHere = ({ tfjs, onnxFloat, onnxBytes }: PeerLayers, threads: number): readonly Peer[] => [
  tfjsPeer(tfjs),
  onnxPeer('onnxruntime-web', 'f32', onnxFloat, threads),
  onnxPeer('onnxruntime-web', 'int8', onnxBytes, threads),
  onnxPeer('onnxruntime-node', 'int8', onnxBytes, threads),
]

const peersInPage = (page: BrowserPage, layers: PeerLayers): readonly Peer[] => [
  pageOnnxPeer(page, 'f32', layers.onnxFloat),
  pageOnnxPeer(page, 'int8', layers.onnxBytes),
  pageLiteRtPeer(page, 'f32', layers.liteRtFloat),
  pageLiteRtPeer(page, 'int8', layers.liteRtBytes),
]

/** Numbers in [0, 1) without a pattern that a processor could learn. */
function floatInput(shape: readonly number[]) {
  const count = shape.reduce((product, size) => product * size, 1)
  return { values: Float32Array.from({ length: count }, (_, i) => (i * 0.618034) % 1), shape }
}

function byteInput(shape: readonly number[]) {
  return { values: Uint8Array.from(floatInput(shape).values, (value) => 255 * value), shape }
}
