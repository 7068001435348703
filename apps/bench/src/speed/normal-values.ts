/** `count` values of a normal distribution around 0, the same for a seed: mulberry32 and Box and Muller's transform. */
export function normalValues(count: number, deviation: number, seed = 1): Float32Array<ArrayBuffer> {
  let state = seed
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const values = new Float32Array(count)
  for (let i = 0; i < count; i++) {
    values[i] = deviation * Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
  }
  return values
}
