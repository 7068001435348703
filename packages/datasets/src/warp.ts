import type { Augmentation } from './augmentation.js'
import { cosSin } from './cos-sin.js'
import type { Random } from './random.js'

/** [height, width, channels] of an image whose values lie row by row, the channels of a pixel together. */
export type ImageShape = readonly [height: number, width: number, channels: number]

/**
 * Where the pixels of a changed image come from: through a move, a turn about the centre and another move.
 * All that a list of augmentations does to one image, so that it is done in one pass over the pixels.
 */
export interface Warp {
  readonly beforeTurn: Move
  readonly turn: { readonly cos: number; readonly sin: number }
  readonly afterTurn: Move
}

/**
 * Output pixel (x, y) is input pixel (mirrored ? right - x : x + right, y + down), and zero where it lies outside of
 * left <= x < end and top <= y < bottom.
 */
interface Move {
  readonly mirrored: boolean
  readonly right: number
  readonly down: number
  readonly left: number
  readonly end: number
  readonly top: number
  readonly bottom: number
}

/** Draws what happens to one image: the first augmentation of the list is the first to change it. */
export function drawWarp(augmentations: readonly Augmentation[], [height, width]: ImageShape, random: Random): Warp {
  const still: Move = { mirrored: false, right: 0, down: 0, left: 0, end: width, top: 0, bottom: height }
  let beforeTurn = still
  let afterTurn = still
  let degrees: number | undefined
  const move = (change: (earlier: Move) => Move) => {
    if (degrees === undefined) beforeTurn = change(beforeTurn)
    else afterTurn = change(afterTurn)
  }
  for (const augmentation of augmentations) {
    switch (augmentation.kind) {
      case 'flip':
        if (random.unit() < augmentation.probability) move((earlier) => mirror(earlier, width))
        break
      case 'crop': {
        const shift = () => random.below(2 * augmentation.padding + 1) - augmentation.padding
        const [right, down] = [shift(), shift()]
        move((earlier) => translate(earlier, right, down, width, height))
        break
      }
      case 'rotate':
        degrees = (2 * random.unit() - 1) * augmentation.degrees
    }
  }
  const [cos, sin] = cosSin(degrees ?? 0)
  return { beforeTurn, turn: { cos, sin }, afterTurn }
}

function mirror(earlier: Move, width: number): Move {
  const { mirrored, right, left, end } = earlier
  // x becomes width - 1 - x
  return {
    ...earlier,
    mirrored: !mirrored,
    right: mirrored ? right - (width - 1) : right + width - 1,
    left: width - end,
    end: width - left,
  }
}

function translate(earlier: Move, right: number, down: number, width: number, height: number): Move {
  // x becomes x + right, if that lies in the image
  return {
    mirrored: earlier.mirrored,
    right: earlier.mirrored ? earlier.right - right : earlier.right + right,
    down: earlier.down + down,
    left: Math.max(earlier.left - right, 0),
    end: Math.min(earlier.end - right, width),
    top: Math.max(earlier.top - down, 0),
    bottom: Math.min(earlier.bottom - down, height),
  }
}

/** Writes one image as it is, as byte / 255. */
export function scaleImage(bytes: Uint8Array, output: Float32Array): void {
  for (let i = 0; i < bytes.length; i++) output[i] = bytes[i]! * unit
}

/**
 * byte * unit, rounded to f32, is byte / 255 rounded to f32, for each of the 256 bytes; and faster than a division or a table.
 */
const unit = 1 / 255

/** 16.16 fixed point, as PIL has it: steps along a row stay exact, and 2^15 pixels fit. */
const one = 65536

/**
 * Writes one image, warped, as byte / 255.
 *
 * @param bytes the image, and nothing else
 * @param output as long, and zero
 */
export function warpImage(
  { beforeTurn: inner, turn, afterTurn: outer }: Warp,
  [height, width, channels]: ImageShape,
  bytes: Uint8Array,
  output: Float32Array,
): void {
  // `| 0` and constants of its own wherever a number feeds the inner loop: it then runs on 32-bit integers alone.
  const cos = Math.round(turn.cos * one) | 0
  const sin = Math.round(turn.sin * one) | 0
  const sign = outer.mirrored ? -1 : 1
  // Twice the offset of the output's pixel (0, 0), after the outer move, from the centre: whole numbers.
  const x = 2 * outer.right + 1 - width
  const y = 2 * outer.down + 1 - height
  const startX = Math.floor((x * cos - y * sin + width * one) / 2)
  const startY = Math.floor((x * sin + y * cos + height * one) / 2)
  const stepX = (sign * cos) | 0
  const stepY = (sign * sin) | 0

  const left = inner.left | 0
  const top = inner.top | 0
  const columns = Math.max(inner.end - inner.left, 0) | 0
  const rows = Math.max(inner.bottom - inner.top, 0) | 0
  const line = (width * channels) | 0
  const pixel = (inner.mirrored ? -channels : channels) | 0
  const origin = (inner.down * line + inner.right * channels) | 0
  for (let row = outer.top; row < outer.bottom; row++) {
    let fixedX = (startX - sin * row + stepX * outer.left) | 0
    let fixedY = (startY + cos * row + stepY * outer.left) | 0
    let out = (row * line + outer.left * channels) | 0
    for (let pixelsLeft = (outer.end - outer.left) | 0; pixelsLeft > 0; pixelsLeft--) {
      const sourceX = fixedX >> 16
      const sourceY = fixedY >> 16
      // Unsigned comparison: below the first is above the last.
      if ((sourceX - left) >>> 0 < columns && (sourceY - top) >>> 0 < rows) {
        const source = (origin + sourceY * line + sourceX * pixel) | 0
        output[out] = bytes[source]! * unit
        if (channels === 3) {
          output[out + 1] = bytes[source + 1]! * unit
          output[out + 2] = bytes[source + 2]! * unit
        } else {
          for (let c = 1; c < channels; c++) output[out + c] = bytes[source + c]! * unit
        }
      }
      fixedX = (fixedX + stepX) | 0
      fixedY = (fixedY + stepY) | 0
      out = (out + channels) | 0
    }
  }
}
