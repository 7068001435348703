import { detectEngine, IntegerNetwork } from '@lowbit/int-kernels'
import { cnn, cnnNames, integerNetwork, layerSummaries, lower, resnet } from '@lowbit/models'
import { encodeModel, onnxGraph, toOnnx } from '@lowbit/models/onnx'
import { calibrate, foldBatchNorm, quantizeModel } from '@lowbit/quantizers/tfjs'
import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'
import type { BrowserPage } from '../../browser/open-browser.js'
import { type ModelWork, pageLiteRtPeer, pageNetwork, pageOnnxPeer } from '../browser/page-works.js'
import { onnxPeer } from '../peers/onnxruntime.js'
import { tfjsPeer } from '../peers/tfjs.js'
import type { Contender, Peer, SpeedPlace, SpeedWork } from '../speed-work.js'
import { timed } from '../stopwatch.js'
import { tfliteNetwork } from '../tflite/tflite-network.js'
import { coldStart } from './cold-start.js'
import { networkOfBytes, withSignedWeights } from './network-of-bytes.js'

const BITS = [8, 4, 2]

/** Whole networks with random weights, images in and logits out: f32 at both ends, as they are used. */
export function networkWorks(place: SpeedPlace): SpeedWork[] {
  const cnns = cnnNames.map((name): NetworkWork => {
    return { name, model: () => cnn(name, { seed: 1 }), side: 32, float: ['conv0', 'fc2'] }
  })
  const residual: NetworkWork = {
    name: 'ResNet-18',
    model: () => resnet('ResNet-18', { seed: 1 }),
    side: 224,
    float: [],
  }
  return [
    ...[residual, ...cnns].map((network) => networkWork(network, 1, place)),
    ...cnns.map((network) => networkWork(network, 32, place)),
  ]
}

interface NetworkWork {
  readonly name: string
  model(): tf.LayersModel
  /** Pixels of the image's sides. */
  readonly side: number
  /** Layers that stay float. */
  readonly float: readonly string[]
}

function networkWork(
  { name, model, side, float }: NetworkWork,
  batch: number,
  { threads, page }: SpeedPlace,
): SpeedWork {
  return {
    name: `${name}-batch-${batch}`,
    bits: BITS,
    async open() {
      await tf.setBackend('wasm')
      const trainable = model()
      const folded = foldBatchNorm(trainable)
      const images = tf.randomUniform([batch, side, side, 3], 0, 1, 'float32', 1)
      const first = images.slice([0], [Math.min(batch, 4)])
      const quantized = async (bits: number) => {
        const made = quantizeModel(folded, { bits, float })
        await calibrate(made, first)
        return made
      }
      const pixels = await images.data<'float32'>()
      const ours: Contender[] = []
      const closers: (() => unknown)[] = []
      for (const bits of BITS) {
        const made = await contender(await quantized(bits), images, bits, { threads, page })
        ours.push(made.contender)
        closers.push(made.close)
      }
      const bytes = await quantized(8)
      const macs = layerSummaries(folded).reduce((sum, layer) => sum + layer.macs, 0)
      const input = () => ({ values: pixels, shape: images.shape })
      const ofBytes = networkOfBytes(integerNetwork(bytes))
      const works: PeerNetworks = {
        tfjs: () => () => folded.predict(images) as tf.Tensor,
        onnxFloat: { model: () => toOnnx(folded), input },
        onnxBytes: { model: () => encodeModel(withSignedWeights(onnxGraph(ofBytes))), input },
        onnxExported: { model: () => toOnnx(bytes), input },
        liteRtFloat: { model: () => tfliteNetwork(integerNetwork(folded), batch), input },
        liteRtBytes: { model: () => tfliteNetwork(ofBytes, batch), input },
      }
      const peers = page ? peersInPage(page, works) : peersHere(works, threads)
      const close = async () => {
        for (const closeOne of closers) await closeOne()
        for (const made of [trainable, folded, bytes]) made.dispose()
        tf.dispose([images, first])
      }
      return { ours, peers, rate: { unit: 'gmacs', perCall: batch * macs }, close }
    },
  }
}

/** The same network as each peer takes it. */
interface PeerNetworks {
  readonly tfjs: () => () => tf.Tensor
  readonly onnxFloat: ModelWork
  readonly onnxBytes: ModelWork
  /** As a user gets it from `toOnnx`: small networks run faster with some of their layers in f32. */
  readonly onnxExported: ModelWork
  readonly liteRtFloat: ModelWork
  readonly liteRtBytes: ModelWork
}

const peersHere = (networks: PeerNetworks, threads: number): readonly Peer[] => [
  tfjsPeer(networks.tfjs),
  onnxPeer('onnxruntime-web', 'f32', networks.onnxFloat, threads),
  onnxPeer('onnxruntime-web', 'int8', networks.onnxBytes, threads),
  onnxPeer('onnxruntime-web', 'int8-as-exported', networks.onnxExported, threads),
  onnxPeer('onnxruntime-node', 'int8', networks.onnxBytes, threads),
]

const peersInPage = (page: BrowserPage, networks: PeerNetworks): readonly Peer[] => [
  pageOnnxPeer(page, 'f32', networks.onnxFloat),
  pageOnnxPeer(page, 'int8', networks.onnxBytes),
  pageOnnxPeer(page, 'int8-as-exported', networks.onnxExported),
  pageLiteRtPeer(page, 'f32', networks.liteRtFloat),
  pageLiteRtPeer(page, 'int8', networks.liteRtBytes),
]

/** The model in integers, held against the model itself, to be closed in the end. */
async function contender(
  model: tf.LayersModel,
  images: tf.Tensor,
  bits: number,
  { threads, page }: SpeedPlace,
): Promise<{ readonly contender: Contender; close(): unknown }> {
  const file = lower(model)
  const pixels = await images.data<'float32'>()
  const { logits, ...ours } = page
    ? await pageNetwork(page, file, pixels, bits)
    : await networkHere(file, pixels, bits, threads)
  const offBy = tf.tidy(() => {
    const expected = model.predict(images) as tf.Tensor
    const difference = tf.max(tf.abs(tf.sub(expected.flatten(), tf.tensor1d(logits))))
    return tf.div(difference, tf.max(tf.abs(expected))).dataSync()[0]!
  })
  model.dispose()
  const isOneHere = page === undefined && images.shape[0] === 1
  const facts = async () => ({
    ...{ offBy, fileKiB: file.byteLength / 1024 },
    ...(isOneHere && { coldMs: await coldStart(file, pixels, process.execArgv) }),
  })
  return { contender: { ...ours.contender, facts }, close: ours.close }
}

async function networkHere(file: Uint8Array, pixels: Float32Array, bits: number, threads: number) {
  const network = await IntegerNetwork.load(file, { threads })
  const path = detectEngine().relaxedDot ? 'relaxed' : 'plain'
  const contender: Contender = { ...timed('lowbit', () => network.run(pixels)), bits, threads: network.threads, path }
  return { contender, logits: network.run(pixels), close: () => network.close() }
}
