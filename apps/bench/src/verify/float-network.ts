import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Split } from '@lowbit/datasets'
import { type CnnName, cnn, cnnNames, loadPyTorchWeights, resnet } from '@lowbit/models'
import { foldBatchNorm } from '@lowbit/quantizers/tfjs'
import { floatTraining, train } from '@lowbit/schedulers'
import { adamW } from '@lowbit/train-kernels'
import type * as tf from '@tensorflow/tfjs'
import { BenchError } from '../bench-error.js'

type PublishedName = 'ResNet-20' | 'ResNet-56'

/** Networks that are verified: those that are trained here, and those whose trained weights are published. */
export type VerifiedName = CnnName | 'ResNet-18' | PublishedName

export const verifiedNames: readonly VerifiedName[] = [...cnnNames, 'ResNet-18', 'ResNet-20', 'ResNet-56']

/** Whether a network's weights are loaded, not trained here. */
export const isPublished = (name: VerifiedName): name is PublishedName => name === 'ResNet-20' || name === 'ResNet-56'

/** A trained float network with its batch norms folded: what quantized ones are made of. */
export interface FloatNetwork {
  readonly name: VerifiedName
  readonly model: tf.LayersModel
  /** Layers that stay float. */
  readonly float: readonly string[]
  /** From images in [0, 1] to what the network reads. */
  prepare(images: Float32Array): Float32Array
}

interface FloatNetworkOptions {
  readonly seed: number
  /** Optimizer steps of 100 images, where it is trained here. */
  readonly steps: number
  /** Folder of `resnet20-cifar10.safetensors` and `resnet56-cifar10.safetensors`, with PyTorch's names. */
  readonly weights: string | undefined
}

/** Errors: `USAGE` where the weights that it is to load are not there. */
export async function floatNetwork(
  name: VerifiedName,
  images: Split,
  options: FloatNetworkOptions,
): Promise<FloatNetwork> {
  if (isPublished(name)) {
    const model = foldBatchNorm(await trainedResnet(name, options))
    return { name, model, float: ['conv1', 'linear'], prepare: normalised }
  }
  const fresh =
    name === 'ResNet-18'
      ? resnet(name, { seed: options.seed, imageSize: 32, classes: 10 })
      : cnn(name, { seed: options.seed })
  const model = foldBatchNorm(await trained(fresh, images, options))
  const float = name === 'ResNet-18' ? ['fc'] : ['conv0', 'fc2']
  return { name, model, float, prepare: (values) => values }
}

async function trained(model: tf.LayersModel, images: Split, { seed, steps }: FloatNetworkOptions) {
  const batches = (from: number) => images.batches({ size: 100, seed, from })
  const events = train(model, floatTraining({ steps }), batches, {
    learningRate: 2e-3,
    optimizer: (learningRate) => adamW({ learningRate }),
  })
  for await (const _ of events);
  return model
}

async function trainedResnet(name: PublishedName, { seed, weights }: FloatNetworkOptions) {
  const file = `${name.toLowerCase().replace('-', '')}-cifar10.safetensors`
  const path = join(weights ?? '.', file)
  const bytes = await readFile(path).catch((cause) => {
    throw new BenchError('USAGE', `--weights ${weights}: expected a folder that holds ${file}`, { cause })
  })
  const model = resnet(name, { seed })
  loadPyTorchWeights(model, bytes)
  return model
}

/** As the published weights were trained: the means and deviations of ImageNet. */
function normalised(images: Float32Array): Float32Array {
  const [mean, deviation] = [
    [0.485, 0.456, 0.406],
    [0.229, 0.224, 0.225],
  ]
  return images.map((value, i) => Math.fround(Math.fround(value - mean[i % 3]!) / Math.fround(deviation[i % 3]!)))
}
