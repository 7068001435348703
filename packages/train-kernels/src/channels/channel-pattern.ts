/**
 * How [pixels, channels] of f32 lie in vectors of four: `pixels` pixels fill `vectors` whole vectors, then the order of the
 * channels repeats. At least four vectors, so that their sums do not wait for each other.
 */
export interface ChannelPattern {
  readonly channels: number
  readonly pixels: number
  readonly vectors: number
}

export function channelPattern(channels: number): ChannelPattern {
  const divisor = channels % 4 === 0 ? 4 : channels % 2 === 0 ? 2 : 1
  const repeats = Math.ceil((4 * divisor) / channels)
  return { channels, pixels: (4 / divisor) * repeats, vectors: (channels / divisor) * repeats }
}

/** Writes one value a channel as often as the pattern repeats it. */
export function writeTable(
  { channels, vectors }: ChannelPattern,
  table: Float32Array,
  values: ArrayLike<number>,
): void {
  for (let lane = 0; lane < 4 * vectors; lane++) table[lane] = values[lane % channels]!
}

/** Sums what stands in the lanes of the same channel. */
export function foldLanes({ channels, vectors }: ChannelPattern, lanes: ArrayLike<number>): Float64Array {
  const sums = new Float64Array(channels)
  for (let lane = 0; lane < 4 * vectors; lane++) sums[lane % channels]! += lanes[lane]!
  return sums
}
