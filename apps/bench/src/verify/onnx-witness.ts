import type { Split } from '@lowbit/datasets'
import { toOnnx } from '@lowbit/models/onnx'
import type * as tf from '@tensorflow/tfjs'
import { BenchError } from '../bench-error.js'
import { indexOfLargest } from '../index-of-largest.js'
import type { FloatNetwork } from './float-network.js'
import type { Verification } from './verification.js'

/**
 * Runs a quantized model's ONNX export in onnxruntime's native runtime.
 *
 * @param logits of the integer network on the same images
 * @returns how many images it gives another class
 */
export async function onnxWitness(
  network: FloatNetwork,
  model: tf.LayersModel,
  images: Split,
  logits: Float32Array,
): Promise<Pick<Verification, 'onnxOtherClass' | 'onnxVersion'>> {
  const { env, InferenceSession, Tensor } = await import('onnxruntime-node').catch((cause) => {
    throw new BenchError('ENVIRONMENT', '--witness: expected the package onnxruntime-node to be installed', { cause })
  })
  // Errors, without warnings about what a model leaves to be optimized.
  const session = await InferenceSession.create(toOnnx(model), { intraOpNumThreads: 1, logSeverityLevel: 3 })
  const classes = logits.length / images.size
  let [done, otherClass] = [0, 0]
  for (const batch of images.inOrder({ size: 100 })) {
    const input = new Tensor('float32', network.prepare(batch.images), [batch.size, ...images.shape])
    const { [session.outputNames[0]!]: output } = await session.run({ [session.inputNames[0]!]: input })
    const theirs = output!.data as Float32Array
    for (let image = 0; image < batch.size; image++, done++) {
      const [a, b] = [
        theirs.subarray(image * classes, (image + 1) * classes),
        logits.subarray(done * classes, (done + 1) * classes),
      ]
      if (indexOfLargest(a) !== indexOfLargest(b)) otherClass++
    }
  }
  await session.release()
  return { onnxOtherClass: otherClass, onnxVersion: env.versions.common }
}
