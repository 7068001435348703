import { cosSin } from './cos-sin.js'
import type { Random } from './random.js'
import type { Shape } from './shapes.js'

/** Side of an image in pixels. */
export const side = 32

/**
 * Paints one image of a shape: on a cloudy ground and among strokes and blots, of any colour, size, place and slant, partly
 * covered, in uneven light, with noise. Only arithmetic whose bits the language fixes: the same bytes on every engine.
 *
 * @param bytes side x side x 3, all of them written
 */
export function paintImage(shape: Shape, random: Random, bytes: Uint8Array): void {
  const canvas = new Float64Array(bytes.length)
  const ground = randomColour(random)
  paintClouds(canvas, ground, random)
  for (let strokes = 3 + random.below(4); strokes > 0; strokes--) paintBlot(canvas, random)
  paintObject(canvas, shape, contrasting(ground, random), random)
  for (let covering = random.below(2); covering > 0; covering--) paintBlot(canvas, random)
  develop(canvas, random, bytes)
}

/** Three parts of light, 0 .. 1. */
type Colour = readonly [number, number, number]

const between = (random: Random, low: number, high: number): number => low + (high - low) * random.unit()
const randomColour = (random: Random): Colour => [random.unit(), random.unit(), random.unit()]

/** A colour that can be told from the ground: it differs by 0.6 at least, over the three channels together. */
function contrasting(ground: Colour, random: Random): Colour {
  for (;;) {
    const colour = randomColour(random)
    if (colour.reduce((sum, part, c) => sum + Math.abs(part - ground[c]!), 0) >= 0.6) return colour
  }
}

/** The ground: its colour, changed at the knots of a 5 x 5 grid and bilinearly between them. */
function paintClouds(canvas: Float64Array, ground: Colour, random: Random): void {
  const knots = 5
  const cell = side / (knots - 1)
  const line = knots * 3
  const clouds = Float64Array.from({ length: knots * line }, (_, i) => ground[i % 3]! + between(random, -0.2, 0.2))
  const across = new Float64Array(line)
  for (let y = 0; y < side; y++) {
    const above = Math.floor(y / cell) * line
    const down = (y % cell) / cell
    for (let i = 0; i < line; i++) across[i] = clouds[above + i]! * (1 - down) + clouds[above + line + i]! * down
    for (let x = 0; x < side; x++) {
      const before = Math.floor(x / cell) * 3
      const right = (x % cell) / cell
      const at = (y * side + x) * 3
      for (let c = 0; c < 3; c++) canvas[at + c] = across[before + c]! * (1 - right) + across[before + 3 + c]! * right
    }
  }
}

/** The object, large enough to be told, its middle inside of the image, filled unevenly. */
function paintObject(canvas: Float64Array, shape: Shape, colour: Colour, random: Random): void {
  const radius = between(random, 6.5, 12)
  const [cos, sin] = cosSin(between(random, -20, 20))
  const wide = between(random, 0.8, 1.25)
  const middleX = between(random, 10, side - 10)
  const middleY = between(random, 10, side - 10)
  // Light falls off along a direction of its own.
  const slopeX = between(random, -0.25, 0.25)
  const slopeY = between(random, -0.25, 0.25)
  const opacity = between(random, 0.7, 1)
  forPixelsNear(middleX, middleY, radius * 1.8, (x, y, at) => {
    const u = (cos * (x - middleX) + sin * (y - middleY)) / radius
    const v = (cos * (y - middleY) - sin * (x - middleX)) / radius
    blend(canvas, at, colour, coverage(shape(u * wide, v / wide) * radius) * opacity, slopeX * u + slopeY * v)
  })
}

/** A stroke or a blot: a small box of any slant and colour. */
function paintBlot(canvas: Float64Array, random: Random): void {
  const long = between(random, 1.5, 7)
  const short = between(random, 0.5, 1.8)
  const [cos, sin] = cosSin(between(random, -90, 90))
  const middleX = between(random, 0, side)
  const middleY = between(random, 0, side)
  const colour = randomColour(random)
  forPixelsNear(middleX, middleY, long + 2, (x, y, at) => {
    const along = Math.abs(cos * (x - middleX) + sin * (y - middleY))
    const across = Math.abs(cos * (y - middleY) - sin * (x - middleX))
    blend(canvas, at, colour, coverage(Math.min(long - along, short - across)), 0)
  })
}

/** Every pixel of a square around a point, by the coordinates of its centre and where its channels begin. */
function forPixelsNear(x: number, y: number, reach: number, paint: (x: number, y: number, at: number) => void): void {
  const from = (middle: number) => Math.max(0, Math.floor(middle - reach))
  const to = (middle: number) => Math.min(side, Math.ceil(middle + reach))
  for (let row = from(y); row < to(y); row++) {
    for (let column = from(x); column < to(x); column++) paint(column + 0.5, row + 0.5, (row * side + column) * 3)
  }
}

/** How much of a pixel is covered whose centre lies this many pixels inside of an outline. */
const coverage = (depth: number): number => Math.min(Math.max(depth + 0.5, 0), 1)

function blend(canvas: Float64Array, at: number, colour: Colour, share: number, light: number): void {
  if (share === 0) return
  for (let c = 0; c < 3; c++) canvas[at + c] = canvas[at + c]! * (1 - share) + (colour[c]! + light) * share
}

/** Light to bytes: exposure, contrast, and noise, the sum of two uniform numbers. */
function develop(canvas: Float64Array, random: Random, bytes: Uint8Array): void {
  const contrast = between(random, 0.6, 1.1) * 255
  const exposure = (0.5 + between(random, -0.15, 0.15)) * 255 - contrast * 0.5
  const noise = (between(random, 0.01, 0.1) * 255) / twoNumbers.deviation
  const offset = exposure - twoNumbers.mean * noise
  // Rounds to the nearest byte, half to even, and clamps.
  const rounded = new Uint8ClampedArray(bytes.buffer, bytes.byteOffset, bytes.length)
  for (let i = 0; i < bytes.length; i++) {
    const bits = random.uint32()
    rounded[i] = canvas[i]! * contrast + offset + ((bits & 0xffff) + (bits >>> 16)) * noise
  }
}

/** Of the sum of two numbers, each uniform over 0 .. 65535. */
const twoNumbers = { mean: 65535, deviation: 26754.5 }
