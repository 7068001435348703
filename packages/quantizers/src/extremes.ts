import { asFloat32, notFinite, type Values } from './values.js'

/** What one look at all values tells; extremes of no values are 0. */
export interface Extremes {
  readonly minimum: number
  readonly maximum: number
  /** How many values are exactly zero. */
  readonly zeros: number
}

/**
 * Smallest and largest value and the number of zeros.
 *
 * Works on the bit patterns, turned so that they are ordered as integers: no comparison depends on a float, counting zeros
 * takes no branch, and NaN or an infinity shows as an extreme. Two values a turn, which is faster by a third.
 * V8 compiles so long a loop while it runs, not knowing what its variables held before: `| 0` on what one turn hands to the
 * next lets it keep them as i32.
 * @throws QuantizerError VALUE (a NaN or an infinity, with its index)
 */
export function extremes(caller: string, values: Values): Extremes {
  const floats = asFloat32(values)
  const { length } = floats
  if (length === 0) return { minimum: 0, maximum: 0, zeros: 0 }
  const bits = new Int32Array(floats.buffer, floats.byteOffset, length)
  let least = 0x7fffffff
  let most = -0x80000000
  let zeros = 0
  const pairs = length & ~1
  for (let i = 0; i < pairs; i += 2) {
    const a = bits[i]!
    const b = bits[i + 1]!
    const first = ordered(a)
    const second = ordered(b)
    least = first < least ? first : least | 0
    most = first > most ? first : most | 0
    least = second < least ? second : least | 0
    most = second > most ? second : most | 0
    zeros = (((zeros + isZero(a)) | 0) + isZero(b)) | 0
  }
  if (pairs < length) {
    const last = bits[pairs]!
    least = Math.min(least, ordered(last))
    most = Math.max(most, ordered(last))
    zeros += isZero(last)
  }
  const [minimum, maximum] = new Float32Array(Int32Array.of(ordered(least), ordered(most)).buffer)
  if (!Number.isFinite(minimum) || !Number.isFinite(maximum)) {
    const index = floats.findIndex((x) => !Number.isFinite(x))
    throw notFinite(caller, values, index)
  }
  return { minimum: minimum! + 0, maximum: maximum! + 0, zeros }
}

/** Float bits as an integer of the same order, and back: the magnitude of negative ones is inverted. */
function ordered(bits: number): number {
  return bits ^ ((bits >> 31) >>> 1)
}

/** 1 for both zeros, 0 for all else. */
function isZero(bits: number): number {
  return ((bits & 0x7fffffff) - 1) >>> 31
}
