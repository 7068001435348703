import { createHash } from 'node:crypto'
import type { Split } from '@lowbit/datasets'
import { detectEngine, type Engine, IntegerNetwork, plainEngine } from '@lowbit/int-kernels'
import { lower } from '@lowbit/models'
import * as tf from '@tensorflow/tfjs'
import { indexOfLargest } from '../index-of-largest.js'
import type { FloatNetwork } from './float-network.js'
import { sumMeter } from './seen-sums.js'
import type { Verification } from './verification.js'

const BATCH = 250

type Comparison = Omit<Verification, 'network' | 'bits' | 'scales'>

/** An integer network's logits on images, and what they are compared with. */
export interface Verified {
  readonly comparison: Comparison
  /** The network's file, and its logits, ten an image. */
  readonly file: Uint8Array<ArrayBuffer>
  readonly logits: Float32Array
}

/**
 * Runs a quantized model and the integer network that it becomes on every image.
 *
 * @param onProgress told how many images are done
 */
export async function verifyNetwork(
  network: FloatNetwork,
  model: tf.LayersModel,
  images: Split,
  onProgress: (done: number) => void,
): Promise<Verified> {
  const file = lower(model)
  const paths = pathsHere()
  const runners = await Promise.all(paths.map(({ engine }) => IntegerNetwork.load(file, { engine })))
  const meter = sumMeter(model)
  const classes = runners[0]!.outputShape.reduce((product, size) => product * size, 1)
  const logits = new Float32Array(images.size * classes)
  const differing = new Set<string>()
  let [done, differ, largestDifference, right] = [0, 0, 0, 0]
  for (const batch of images.inOrder({ size: BATCH })) {
    const pixels = network.prepare(batch.images)
    const input = tf.tensor4d(pixels, [batch.size, ...images.shape])
    const expected = meter.run(input)
    input.dispose()
    const [found, ...others] = runners.map((runner) => runner.run(pixels))
    for (const [i, other] of others.entries()) if (!sameBits(other, found!)) differing.add(paths[i + 1]!.name)
    for (let image = 0; image < batch.size; image++) {
      const [ours, theirs] = [found!, expected].map((all) => all.subarray(image * classes, (image + 1) * classes))
      if (!sameBits(ours!, theirs!)) differ++
      if (indexOfLargest(ours!) === batch.labels[image]) right++
      largestDifference = ours!.reduce(
        (most, value, i) => Math.max(most, Math.abs(value - theirs![i]!)),
        largestDifference,
      )
    }
    logits.set(found!, done * classes)
    done += batch.size
    onProgress(done)
  }
  const comparison: Comparison = {
    images: done,
    differ,
    largestDifference,
    sumBound: Math.max(...runners[0]!.describe().map(({ largestSum }) => largestSum)),
    sumSeen: meter.largest(),
    accuracy: right / done,
    paths: paths.map(({ name }) => name),
    pathsThatDiffer: [...differing],
    file: sha256(file),
    logits: sha256(logits),
  }
  return { comparison, file, logits }
}

/** What this engine offers, best first, down to what every engine has. */
function pathsHere(): readonly { readonly name: string; readonly engine: Engine }[] {
  const best = detectEngine()
  return [
    ...(best.unsignedDotAdd ? [{ name: 'relaxed dot-add', engine: best }] : []),
    ...(best.relaxedDot ? [{ name: 'relaxed', engine: { ...best, unsignedDotAdd: false } }] : []),
    { name: 'plain', engine: plainEngine },
  ]
}

const sha256 = (values: Uint8Array | Float32Array) =>
  createHash('sha256')
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest('hex')

/** Signs of zeros and payloads of NaNs count. */
const sameBits = (a: Float32Array, b: Float32Array) =>
  Buffer.compare(
    Buffer.from(a.buffer, a.byteOffset, a.byteLength),
    Buffer.from(b.buffer, b.byteOffset, b.byteLength),
  ) === 0
