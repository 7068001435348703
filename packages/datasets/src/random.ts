import { DatasetError } from './dataset-error.js'

/** A stream of pseudo-random numbers. */
export interface Random {
  /** Uniform over 0 .. 2^32 - 1. */
  uint32(): number
  /** Uniform over 0 .. bound - 1, without bias; bound is 1 .. 2^32. */
  below(bound: number): number
  /** Uniform over [0, 1), a multiple of 2^-32. */
  unit(): number
}

/**
 * The stream that belongs to a seed and the numbers of a place: the same on every engine, and unlike the stream of any other
 * place. sfc32 (Chris Doty-Humphrey, PractRand), its 96 bits of state filled with three murmur3 hashes of the numbers.
 *
 * @param seed a whole number from 0 to 2^53 - 1
 * @param place what the stream is for: whole numbers below 2^32
 * @throws DatasetError `OPTION` for another seed
 */
export function random(seed: number, ...place: readonly number[]): Random {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new DatasetError('OPTION', `seed ${seed}; expected a whole number from 0 to 2^53 - 1`)
  }
  const words = [seed | 0, Math.floor(seed / 2 ** 32), ...place]
  // In a typed array: variables of a closure would be boxed anew for every number that does not fit 31 bits.
  const state = Int32Array.of(murmur3(words, 0x9e3779b9), murmur3(words, 0x243f6a88), murmur3(words, 0xb7e15162), 1)

  const uint32 = () => {
    const b = state[1]!
    const c = state[2]!
    const sum = (state[0]! + b + state[3]!) | 0
    state[0] = b ^ (b >>> 9)
    state[1] = c + (c << 3)
    state[2] = ((c << 21) | (c >>> 11)) + sum
    state[3]!++
    return sum >>> 0
  }
  const below = (bound: number) => {
    const fair = 2 ** 32 - (2 ** 32 % bound)
    let x = uint32()
    while (x >= fair) x = uint32()
    return x % bound
  }
  // PractRand's own number of rounds after seeding.
  for (let i = 0; i < 15; i++) uint32()
  return { uint32, below, unit: () => uint32() / 2 ** 32 }
}

/** murmur3_x86_32 over whole 32-bit words (Austin Appleby). */
function murmur3(words: readonly number[], seed: number): number {
  let hash = seed | 0
  for (const word of words) {
    const k = Math.imul(word, 0xcc9e2d51)
    hash ^= Math.imul((k << 15) | (k >>> 17), 0x1b873593)
    hash = Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64
  }
  hash ^= words.length * 4
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) | 0
}
