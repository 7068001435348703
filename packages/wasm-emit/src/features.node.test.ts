import { setFlagsFromString } from 'node:v8'
import { expect, it } from 'vitest'
import { supportsRelaxedDotAdd, supportsRelaxedSimd, supportsThreads } from './index.js'

const node = Number(process.versions.node.split('.')[0])

it.runIf(node === 20)('asks once: a flag set later changes nothing', () => {
  expect(supportsRelaxedSimd()).toBe(false)
  setFlagsFromString('--experimental-wasm-relaxed-simd')
  expect(supportsRelaxedSimd()).toBe(false)
})

it('knows the Node versions', () => {
  expect(supportsRelaxedSimd()).toBe(node >= 22)
  expect(supportsRelaxedDotAdd()).toBe(node >= 22)
  expect(supportsThreads()).toBe(true)
})
