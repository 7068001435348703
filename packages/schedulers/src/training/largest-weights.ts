/**
 * A mask of 1 for `fraction` of the weights: those that it holds already, then the others by falling magnitude until
 * `round(fraction * n)` are chosen (INQ's pruning-inspired partition). Of equal magnitudes the first wins.
 */
export function largestWeights(weights: ArrayLike<number>, mask: ArrayLike<number>, fraction: number): Float32Array {
  const chosen = Float32Array.from(mask)
  const held = chosen.reduce((sum, flag) => sum + flag, 0)
  const others = Array.from({ length: weights.length }, (_, i) => i).filter((i) => chosen[i] === 0)
  others.sort((a, b) => Math.abs(weights[b]!) - Math.abs(weights[a]!) || a - b)
  for (const i of others.slice(0, Math.max(0, Math.round(fraction * weights.length) - held))) chosen[i] = 1
  return chosen
}
