import { detectEngine } from '@lowbit/int-kernels'
import { type IsolatedShape, isolatedConvolution } from '@lowbit/int-kernels/synthetic'
import * as tf from '@tensorflow/tfjs'
import type { BrowserPage } from '../../browser/open-browser.js'
import { type ModelWork, pageConvolution, pageLiteRtPeer, pageOnnxPeer } from '../browser/page-works.js'
import { onnxPeer } from '../peers/onnxruntime.js'
import { tfjsPeer } from '../peers/tfjs.js'
import { scatteredValue } from '../scattered-value.js'
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
  paddingOf,
} from './onnx-layers.js'

const BITS = [8, 6, 4, 2]

/** Side of the image, channels, filters, side of the window, stride. */
type Layer = readonly [side: number, channels: number, filters: number, size: 1 | 3 | 7, stride: 1 | 2]

/** Each convolution of ResNet-18 once. */
const LAYERS: readonly Layer[] = [
  [28, 128, 128, 3, 1],
  [56, 64, 64, 3, 1],
  [14, 256, 256, 3, 1],
  [7, 512, 512, 3, 1],
  [224, 3, 64, 7, 2],
  [56, 64, 128, 3, 2],
  [28, 128, 256, 3, 2],
  [14, 256, 512, 3, 2],
  [56, 64, 128, 1, 2],
  [28, 128, 256, 1, 2],
  [14, 256, 512, 1, 2],
]

/** A large product of matrices, and the convolutions of ResNet-18: integers in, integers out. */
export function kernelWorks(place: SpeedPlace): SpeedWork[] {
  return [
    productWork({ rows: 784, depth: 1152, columns: 128 }, place),
    ...LAYERS.map(([side, channels, filters, size, stride]) =>
      convolutionWork({ side, channels, filters, size, stride }, place),
    ),
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
  const { side, channels, filters, size, stride } = shape
  const ours: Omit<IsolatedShape, 'bits'> = {
    ...{ height: side, width: side, channels, filters },
    ...{ size: [size, size], stride: [stride, stride] },
  }
  const [nchw, nhwc] = [
    [1, channels, side, side],
    [1, side, side, channels],
  ]
  const to = `${filters === channels ? '' : `-${filters}`}${stride === 1 ? '' : `-stride-${stride}`}`
  return kernelWork(`conv${size}x${size}-${side}x${side}x${channels}${to}`, ours, place, {
    tfjs() {
      const x = tf.randomUniform<tf.Rank.R4>([1, side, side, channels])
      const w = tf.randomUniform<tf.Rank.R4>([size, size, channels, filters])
      return () => tf.conv2d(x, w, stride, paddingOf(shape))
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
        const opened: Awaited<ReturnType<typeof pageConvolution>>[] = []
        for (const bits of BITS) opened.push(await pageConvolution(page, { ...shape, bits }))
        const ours = opened.map(({ contender }) => contender)
        const close = async () => {
          for (const work of opened) await work.close()
        }
        return { ours, peers: peersInPage(page, layers), rate: rateOf(opened[0]!.macs), close }
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

function floatInput(shape: readonly number[]) {
  const count = shape.reduce((product, size) => product * size, 1)
  return { values: Float32Array.from({ length: count }, (_, i) => scatteredValue(i)), shape }
}

function byteInput(shape: readonly number[]) {
  return { values: Uint8Array.from(floatInput(shape).values, (value) => 255 * value), shape }
}
