import type { TensorInfo } from '@tensorflow/tfjs'

// Tensors that a kernel made of integers: their values do not change, so what is known of them stays true as long as they live.
const largest = new WeakMap<object, number>()
const filled = new WeakMap<object, boolean>()

/** Notes that a tensor holds integers of at most this magnitude (and NaN); anything but an integer is not noted. */
export function noteIntegers(tensor: TensorInfo, magnitudes: ArrayLike<number>): void {
  let most = 0
  for (let i = 0; i < magnitudes.length; i++) {
    if (!Number.isInteger(magnitudes[i])) return
    most = Math.max(most, Math.abs(magnitudes[i]!))
  }
  largest.set(tensor.dataId, most)
}

/** The largest magnitude that a tensor's integers can have; undefined where it may hold anything. */
export const largestInteger = (tensor: TensorInfo): number | undefined => largest.get(tensor.dataId)

/** Whether no value of a mask is 0; the values are looked at once in the mask's life. */
export function isFilled(mask: TensorInfo, values: () => Float32Array): boolean {
  let answer = filled.get(mask.dataId)
  if (answer === undefined) {
    answer = values().every((value) => value !== 0)
    filled.set(mask.dataId, answer)
  }
  return answer
}
