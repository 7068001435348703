import * as tf from '@tensorflow/tfjs'

/** Central differences of `f`, a scalar of `x`, with respect to each element of `x`. */
export function finiteDifferences(f: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor, step = 1e-2): Float32Array {
  const values = x.dataSync<'float32'>()
  const at = (i: number, delta: number) =>
    tf.tidy(() => {
      const moved = values.slice()
      moved[i]! += delta
      return f(tf.tensor(moved, x.shape)).dataSync()[0]!
    })
  return values.map((_, i) => (at(i, step) - at(i, -step)) / (2 * step))
}

/** The largest absolute difference of two arrays. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = a.length === b.length ? 0 : Infinity
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i]! - b[i]!))
  return largest
}
