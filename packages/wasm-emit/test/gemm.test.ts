import { setFlagsFromString } from 'node:v8'
import { expect, it } from 'vitest'
import { assemble, compile, supportsRelaxedSimd } from '../src/index.js'
import { gemm } from './gemm.js'
import { generator } from './run-instruction.js'
import { expectTextToGive } from './wabt.js'

if (process.versions.node.startsWith('20.')) setFlagsFromString('--experimental-wasm-relaxed-simd')

it.skipIf(!supportsRelaxedSimd())('a 4-bit GEMM gives the sums of the definition', () => {
  const shape = { rows: 12, columns: 24, depth: 544 }
  const { rows, columns, depth } = shape
  const memory = new WebAssembly.Memory({ initial: 2 })
  const [codesAt, weightsAt, sumsAt] = [0, 1 << 14, 1 << 15]
  const random = generator(4)
  const codes = new Uint8Array(memory.buffer, codesAt, rows * depth).map(() => random() & 15)
  codes.fill(15, 0, depth)
  new Uint8Array(memory.buffer).set(codes, codesAt)
  const weights = Int8Array.from({ length: columns * depth }, (_, i) => (i < depth ? -8 : (random() & 15) - 8))
  const packed = new Int8Array(memory.buffer, weightsAt, columns * depth)
  weights.forEach((weight, i) => {
    const [n, k] = [Math.floor(i / depth), i % depth]
    packed[(((n >> 3) * (depth >> 2) + (k >> 2)) * 8 + (n & 7)) * 4 + (k & 3)] = weight
  })

  const kernel = gemm(shape, 136)
  expectTextToGive(assemble([kernel]))
  compile([kernel], memory)[0](codesAt, weightsAt, sumsAt)

  const dot = (m: number, n: number) => {
    let sum = 0
    for (let k = 0; k < depth; k++) sum += codes[m * depth + k]! * weights[n * depth + k]!
    return sum
  }
  const expected = Array.from({ length: rows * columns }, (_, i) => dot(Math.floor(i / columns), i % columns))
  expect([...new Int32Array(memory.buffer, sumsAt, rows * columns)]).toEqual(expected)
  expect(expected[0]).toBe(15 * -8 * depth)
})
