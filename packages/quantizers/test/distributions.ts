import { fakeQuantize, type QuantizationRange } from '../src/index.js'

/** Mulberry32: a seeded generator of numbers in [0, 1). */
export function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

const gaussian = (random: () => number) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

/** What weights and activations look like. */
export const distributions: Record<string, (random: () => number) => number> = {
  gaussian,
  Laplacian: (random) => Math.log(1 - random()) * (random() < 0.5 ? -0.05 : 0.05),
  uniform: (random) => 2 * random() - 1,
  'half-normal': (random) => Math.abs(gaussian(random)),
  'behind a ReLU': (random) => Math.max(0, gaussian(random)),
  'off zero': (random) => 1.5 + gaussian(random),
  'in two heaps': (random) => (random() < 0.5 ? -1 : 1) + 0.1 * gaussian(random),
}

/** Sum of the squared differences between values and what is left of them. */
export function squaredError(values: Float32Array, range: QuantizationRange): number {
  return fakeQuantize(values, range).reduce((total, x, i) => total + (x - values[i]!) ** 2, 0)
}
