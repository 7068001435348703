import { expect } from 'vitest'
import wabt from 'wabt'
import { text } from '../src/index.js'

export const features = { relaxed_simd: true, simd: true, bulk_memory: true, threads: true }
const { parseWat, readWasm } = await wabt()

export { readWasm }

/** wabt makes the same bytes of a module's text, but for the names. */
export function expectTextToGive(bytes: Uint8Array) {
  const module = parseWat('module.wat', new TextEncoder().encode(text(bytes)), features)
  module.resolveNames()
  const { buffer } = module.toBinary({ canonicalize_lebs: true })
  module.destroy()
  expect(Array.from(bytes.subarray(0, buffer.length))).toEqual(Array.from(buffer))
}
