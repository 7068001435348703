import type { Random } from './random.js'

/** The numbers 0 .. size - 1 in an order that `random` decides: Fisher-Yates, every order equally likely. */
export function permutation(size: number, random: Random): Uint32Array {
  const order = Uint32Array.from({ length: size }, (_, i) => i)
  for (let i = size - 1; i > 0; i--) {
    const j = random.below(i + 1)
    const swapped = order[i]!
    order[i] = order[j]!
    order[j] = swapped
  }
  return order
}
