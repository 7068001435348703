import * as tf from '@tensorflow/tfjs'
import { seededUniform } from '../src/seeded-uniform.js'

/** Images of a few bright and dark blocks each, with noise, f32 in 0..1. */
export function randomImages(
  count: number,
  [height, width, channels]: readonly [number, number, number],
  seed: number,
): tf.Tensor4D {
  return tf.tidy(() => {
    const uniform = (stream: string, bound: number, shape: [number, number, number, number]) =>
      tf.tensor4d(seededUniform(tf.util.sizeFromShape(shape), bound, seed, stream), shape)
    const blocks = tf.image.resizeNearestNeighbor(uniform('blocks', 0.4, [count, 4, 4, channels]), [height, width])
    return blocks.add<tf.Tensor4D>(uniform('noise', 0.1, [count, height, width, channels])).add(0.5)
  })
}
