import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import instantiate from '@jsquash/jpeg/codec/enc/mozjpeg_enc.js'
import { defaultOptions } from '@jsquash/jpeg/meta.js'

const wasm = createRequire(import.meta.url).resolve('@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm')
const encoder = await instantiate({ wasmBinary: readFileSync(wasm), noInitialRun: true })

/** A JPEG file of one colour, or with `to` of a ramp from left to right. */
export function jpegOf(
  width: number,
  height: number,
  from: readonly [number, number, number],
  { to = from, grey = false }: { to?: readonly [number, number, number]; grey?: boolean } = {},
): Uint8Array<ArrayBuffer> {
  const rgba = new Uint8Array(width * height * 4).fill(255)
  for (let i = 0; i < width * height; i++) {
    const share = (i % width) / Math.max(width - 1, 1)
    for (let c = 0; c < 3; c++) rgba[4 * i + c] = Math.round(from[c]! * (1 - share) + to[c]! * share)
  }
  // 1: one grey channel, 3: YCbCr.
  return encoder.encode(rgba, width, height, { ...defaultOptions, quality: 95, color_space: grey ? 1 : 3 }).slice()
}
