/**
 * `count` numbers, uniform over [-bound, bound), 24 random bits each, rounded to f32. A pure function of (seed, stream): every
 * layer draws from its own stream, so that a layer's weights do not depend on what stands before it. Only integer operations and
 * correctly rounded ones: the same bits on every engine.
 *
 * Generator: sfc32 of Chris Doty-Humphrey's PractRand.
 *
 * @param seed whole number from 0 to 2^53 - 1
 * @param stream any text, such as a weight's name
 */
export function seededUniform(count: number, bound: number, seed: number, stream: string): Float32Array {
  const next = sfc32(seed >>> 0, Math.floor(seed / 2 ** 32), fnv1a(stream))
  return Float32Array.from({ length: count }, () => bound * ((next() >>> 8) / 2 ** 23 - 1))
}

/** u32 after u32. */
function sfc32(a: number, b: number, c: number): () => number {
  let counter = 1
  const next = () => {
    const sum = (a + b + counter++) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (sum + ((c << 21) | (c >>> 11))) | 0
    return sum >>> 0
  }
  // As many rounds as its author takes to spread a seed of three words.
  for (let i = 0; i < 15; i++) next()
  return next
}

/** 32-bit FNV-1a hash of the UTF-16 code units. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash | 0
}
