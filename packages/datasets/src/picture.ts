/** Pixels row by row, four bytes each: red, green, blue, opacity. */
export interface Picture {
  readonly width: number
  readonly height: number
  readonly rgba: Uint8Array | Uint8ClampedArray
}

/**
 * Scales a picture until its shorter side has `shortSide` pixels, and cuts the `size` x `size` pixels at its centre out: what
 * torchvision's `Resize(shortSide)` and `CenterCrop(size)` do, through a triangle filter that is as wide as the pixels get.
 *
 * @returns size x size x 3 bytes
 */
export function resizeAndCrop({ width, height, rgba }: Picture, size: number, shortSide: number): Uint8Array {
  const shorter = Math.min(width, height)
  const columns = filter(width, Math.floor((shortSide * width) / shorter), size)
  const rows = filter(height, Math.floor((shortSide * height) / shorter), size)
  const firstRow = rows[0]!.from
  const lastRow = rows[size - 1]!.from + rows[size - 1]!.weights.length

  // Across first, only those rows that are needed then; rounded to bytes in between, as PIL has it.
  const across = new Uint8ClampedArray((lastRow - firstRow) * size * 3)
  for (let y = firstRow; y < lastRow; y++) {
    for (let x = 0; x < size; x++) {
      const { from, weights } = columns[x]!
      for (let c = 0; c < 3; c++) {
        let sum = 0
        for (let i = 0; i < weights.length; i++) sum += weights[i]! * rgba[(y * width + from + i) * 4 + c]!
        across[((y - firstRow) * size + x) * 3 + c] = sum
      }
    }
  }
  const line = size * 3
  const pixels = new Uint8ClampedArray(size * line)
  for (let y = 0; y < size; y++) {
    const { from, weights } = rows[y]!
    for (let x = 0; x < line; x++) {
      let sum = 0
      for (let i = 0; i < weights.length; i++) sum += weights[i]! * across[(from - firstRow + i) * line + x]!
      pixels[y * line + x] = sum
    }
  }
  return new Uint8Array(pixels.buffer)
}

/** What one pixel of the result is made of: weights that sum to 1, for the pixels of the source from `from` on. */
interface Taps {
  readonly from: number
  readonly weights: Float64Array
}

/** For the `size` pixels at the middle of `length` source pixels scaled to `scaled`. */
function filter(length: number, scaled: number, size: number): Taps[] {
  const scale = length / scaled
  const reach = Math.max(scale, 1)
  const first = halfToEven((scaled - size) / 2)
  return Array.from({ length: size }, (_, i) => {
    const centre = (first + i + 0.5) * scale
    const from = Math.max(Math.floor(centre - reach + 0.5), 0)
    const to = Math.min(Math.floor(centre + reach + 0.5), length)
    const weights = Float64Array.from({ length: to - from }, (_, j) =>
      Math.max(1 - Math.abs((from + j + 0.5 - centre) / reach), 0),
    )
    const sum = weights.reduce((total, weight) => total + weight, 0)
    return { from, weights: weights.map((weight) => weight / sum) }
  })
}

/** Python's `round`, of a multiple of a half. */
const halfToEven = (x: number): number => (Number.isInteger(x) ? x : 2 * Math.round(x / 2))
