import { detectEngine, IntegerNetwork } from '@lowbit/int-kernels'
import { cnn, cnnNames, integerNetwork, layerSummaries, lower, resnet } from '@lowbit/models'
import { encodeModel, onnxGraph, toOnnx } from '@lowbit/models/onnx'
import { calibrate, foldBatchNorm, quantizeModel } from '@lowbit/quantizers/tfjs'
import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'
import { onnxPeer } from '../peers/onnxruntime.js'
import { tfjsPeer } from '../peers/tfjs.js'
import type { Contender, Peer, SpeedWork } from '../speed-work.js'
import { timed } from '../stopwatch.js'
import { networkOfBytes, withSignedWeights } from './network-of-bytes.js'

const BITS = [8, 4, 2]

/** Whole networks with random weights, images in and logits out: f32 at both ends, as they are used. */
export function networkWorks({ threads }: { readonly threads: number }): SpeedWork[] {
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
    ...[residual, ...cnns].map((network) => networkWork(network, 1, threads)),
    ...cnns.map((network) => networkWork(network, 32, threads)),
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

function networkWork({ name, model, side, float }: NetworkWork, batch: number, threads: number): SpeedWork {
  return {
    name: `${name}-batch-${batch}`,
    bits: BITS,
    async open() {
      await tf.setBackend('wasm')
      const folded = foldBatchNorm(model())
      const images = tf.randomUniform([batch, side, side, 3], 0, 1, 'float32', 1)
      const quantized = async (bits: number) => {
        const made = quantizeModel(folded, { bits, float })
        await calibrate(made, images)
        return made
      }
      const pixels = await images.data<'float32'>()
      const ours: Contender[] = []
      for (const bits of BITS) ours.push(await contender(await quantized(bits), images, bits))
      const bytes = await quantized(8)
      const macs = layerSummaries(folded).reduce((sum, layer) => sum + layer.macs, 0)
      const input = () => ({ values: pixels, shape: images.shape })
      const exported = { model: () => toOnnx(bytes), input }
      const asTheirs = {
        model: () => encodeModel(withSignedWeights(onnxGraph(networkOfBytes(integerNetwork(bytes))))),
        input,
      }
      const peers: Peer[] = [
        tfjsPeer(() => () => folded.predict(images) as tf.Tensor),
        onnxPeer('onnxruntime-web', 'f32', { model: () => toOnnx(folded), input }, threads),
        onnxPeer('onnxruntime-web', 'int8', asTheirs, threads),
        // Small networks run faster with some of their layers in f32.
        onnxPeer('onnxruntime-web', 'int8-as-exported', exported, threads),
        onnxPeer('onnxruntime-node', 'int8', asTheirs, threads),
      ]
      const close = async () => tf.dispose([images, ...folded.weights.map((weight) => weight.read())])
      return { ours, peers, rate: { unit: 'gmacs', perCall: batch * macs }, close }
    },
  }
}

/** The model in integers, held against the model itself. */
async function contender(model: tf.LayersModel, images: tf.Tensor, bits: number): Promise<Contender> {
  const file = lower(model)
  const network = await IntegerNetwork.load(file)
  const pixels = await images.data<'float32'>()
  const offBy = tf.tidy(() => {
    const expected = model.predict(images) as tf.Tensor
    const difference = tf.max(tf.abs(tf.sub(expected.flatten(), tf.tensor1d(network.run(pixels)))))
    return tf.div(difference, tf.max(tf.abs(expected))).dataSync()[0]!
  })
  for (const weight of model.weights) weight.read().dispose()
  return {
    ...timed('lowbit', () => network.run(pixels)),
    ...{ bits, threads: 1, path: detectEngine().relaxedDot ? 'relaxed' : 'plain' },
    facts: async () => ({ offBy, fileKiB: file.byteLength / 1024 }),
  }
}
