import type { TensorInfo } from '@tensorflow/tfjs'

// Tensors that a kernel made of integers: their values do not change, so what is known of them stays true as long as they live.
const ranges = new WeakMap<object, KnownIntegers>()
const filled = new WeakMap<object, boolean>()

/** What a tensor's integers can be. */
export interface KnownIntegers {
  /** The largest magnitude. */
  readonly largest: number
  /** From the least of them and 0 to the greatest of them and 0. */
  readonly span: number
}

/** Notes that a tensor holds integers (and NaN) between these bounds; where one of them is no integer nothing is noted. */
export function noteIntegers(tensor: TensorInfo, bounds: ArrayLike<number>): void {
  let [least, greatest] = [0, 0]
  for (let i = 0; i < bounds.length; i++) {
    if (!Number.isInteger(bounds[i])) return
    least = Math.min(least, bounds[i]!)
    greatest = Math.max(greatest, bounds[i]!)
  }
  ranges.set(tensor.dataId, { largest: Math.max(-least, greatest), span: greatest - least })
}

/** What a tensor's integers can be; undefined where it may hold anything. */
export const knownIntegers = (tensor: TensorInfo): KnownIntegers | undefined => ranges.get(tensor.dataId)

/** Whether no value of a mask is 0; the values are looked at once in the mask's life. */
export function isFilled(mask: TensorInfo, values: () => Float32Array): boolean {
  let answer = filled.get(mask.dataId)
  if (answer === undefined) {
    answer = values().every((value) => value !== 0)
    filled.set(mask.dataId, answer)
  }
  return answer
}
