import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SafetensorsError } from './error.js'
import { readSafetensors } from './read.js'
import type { Tensor } from './tensor.js'
import { writeSafetensors } from './write.js'

const shape = fc.array(fc.nat({ max: 4 }), { maxLength: 3 })
const length = (sizes: number[]) => sizes.reduce((product, size) => product * size, 1)

/** A tensor of any element type and shape with any bits, NaN payloads included. */
const tensor: fc.Arbitrary<Tensor> = shape.chain((sizes) => {
  const bits = (bytes: number) =>
    fc
      .uint8Array({ minLength: length(sizes) * bytes, maxLength: length(sizes) * bytes })
      .map((array) => array.slice().buffer)
  return fc.oneof(
    bits(8).map((b): Tensor => ({ dtype: 'F64', shape: sizes, data: new Float64Array(b) })),
    bits(4).map((b): Tensor => ({ dtype: 'F32', shape: sizes, data: new Float32Array(b) })),
    bits(2).map((b): Tensor => ({ dtype: 'F16', shape: sizes, data: new Uint16Array(b) })),
    bits(2).map((b): Tensor => ({ dtype: 'BF16', shape: sizes, data: new Uint16Array(b) })),
    bits(8).map((b): Tensor => ({ dtype: 'I64', shape: sizes, data: new BigInt64Array(b) })),
    bits(4).map((b): Tensor => ({ dtype: 'I32', shape: sizes, data: new Int32Array(b) })),
    bits(2).map((b): Tensor => ({ dtype: 'I16', shape: sizes, data: new Int16Array(b) })),
    bits(1).map((b): Tensor => ({ dtype: 'I8', shape: sizes, data: new Int8Array(b) })),
    bits(8).map((b): Tensor => ({ dtype: 'U64', shape: sizes, data: new BigUint64Array(b) })),
    bits(4).map((b): Tensor => ({ dtype: 'U32', shape: sizes, data: new Uint32Array(b) })),
    bits(2).map((b): Tensor => ({ dtype: 'U16', shape: sizes, data: new Uint16Array(b) })),
    bits(1).map((b): Tensor => ({ dtype: 'U8', shape: sizes, data: new Uint8Array(b) })),
    bits(1).map((b): Tensor => ({ dtype: 'BOOL', shape: sizes, data: new Uint8Array(b) })),
  )
})

/** Names of one escaped character have a test of their own: there are engines that misread them. */
const isMisread = (key: string) => key.length === 1 && key !== '\\' && JSON.stringify(key).length > 3

const name = fc
  .oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('__proto__', 'constructor', '0', '10', '2', '""', '\\'))
  .filter((key) => !isMisread(key))
const tensors = fc
  .uniqueArray(fc.tuple(name, tensor), { selector: ([key]) => key, maxLength: 8 })
  .filter((list) => list.every(([key]) => key !== '__metadata__'))
const metadata = fc
  .array(fc.tuple(name, fc.string({ unit: 'grapheme' })), { maxLength: 4 })
  .map((list) => Object.fromEntries(list))

const bytesOf = ({ dtype, shape, data }: Tensor) => [
  dtype,
  shape,
  [...new Uint8Array(data.buffer, data.byteOffset, data.byteLength)],
]

describe('writeSafetensors', () => {
  it('writes what readSafetensors reads back, bit for bit', () => {
    fc.assert(
      fc.property(tensors, metadata, (list, texts) => {
        const read = readSafetensors(writeSafetensors(list, texts))
        expect(read.tensors.size).toBe(list.length)
        for (const [key, value] of list) expect(bytesOf(read.tensors.get(key)!)).toEqual(bytesOf(value))
        expect(Object.entries(read.metadata).sort()).toEqual(Object.entries(texts).sort())
      }),
      { numRuns: 300 },
    )
  })

  it('gives the same bytes in whatever order tensors and metadata come', () => {
    fc.assert(
      fc.property(tensors, metadata, (list, texts) => {
        const reversed = Object.fromEntries(Object.entries(texts).reverse())
        expect(writeSafetensors(list.toReversed(), reversed)).toEqual(writeSafetensors(list, texts))
      }),
      { numRuns: 100 },
    )
  })

  it('writes names of one escaped character, which come back or are refused by engines that misread them', () => {
    const keys = ['"', '\n', '\t', '\\', 'a', '', '__proto__', '\u0007']
    fc.assert(
      fc.property(fc.uniqueArray(fc.constantFrom(...keys), { minLength: 1, maxLength: 4 }), (names) => {
        const one = (i: number): Tensor => ({ dtype: 'U8', shape: [], data: Uint8Array.of(i) })
        const file = writeSafetensors(names.map((key, i) => [key, one(i)]))
        try {
          const read = readSafetensors(file).tensors
          expect(names.map((key) => read.get(key)?.data[0])).toEqual(names.map((_, i) => i))
        } catch (error) {
          if (!(error instanceof SafetensorsError)) throw error
          expect(error.message).toMatch(/this engine misreads the name "\\/)
          expect(names.some(isMisread)).toBe(true)
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it('aligns the data to 8 bytes and every tensor to its elements', () => {
    fc.assert(
      fc.property(tensors, metadata, (list, texts) => {
        const file = writeSafetensors(list, texts)
        expect(new DataView(file.buffer).getBigUint64(0, true) % 8n).toBe(0n)
        // A tensor that is aligned is read without a copy.
        for (const { data } of readSafetensors(file).tensors.values()) expect(data.buffer).toBe(file.buffer)
      }),
      { numRuns: 100 },
    )
  })

  it('writes these very bytes', () => {
    const file = writeSafetensors(
      new Map<string, Tensor>([
        ['codes', { dtype: 'U8', shape: [3], data: new Uint8Array([1, 2, 3]) }],
        ['bias', { dtype: 'I32', shape: [], data: new Int32Array([-2]) }],
      ]),
      { made: 'here' },
    )
    const header =
      '{"__metadata__":{"made":"here"},"bias":{"dtype":"I32","shape":[],"data_offsets":[0,4]},' +
      '"codes":{"dtype":"U8","shape":[3],"data_offsets":[4,7]}}'
    const padded = header.padEnd(Math.ceil(header.length / 8) * 8)
    expect(file.subarray(0, 8)).toEqual(Uint8Array.of(padded.length, 0, 0, 0, 0, 0, 0, 0))
    expect(new TextDecoder().decode(file.subarray(8, 8 + padded.length))).toBe(padded)
    expect(file.subarray(8 + padded.length)).toEqual(Uint8Array.of(0xfe, 0xff, 0xff, 0xff, 1, 2, 3))
  })

  const good: Tensor = { dtype: 'U8', shape: [1], data: new Uint8Array(1) }
  it.each<[name: string, list: [string, Tensor][], code: string]>([
    ['the name of the metadata', [['__metadata__', good]], 'NAME'],
    ['half a character', [['\ud800', good]], 'NAME'],
    [
      'a name twice',
      [
        ['a', good],
        ['a', good],
      ],
      'NAME',
    ], // prettier-ignore
    ['a shape of other length', [['a', { ...good, shape: [2] }]], 'SHAPE'],
    ['a negative dimension', [['a', { ...good, shape: [-1, -1] }]], 'SHAPE'],
    // What a caller without types can do:
    ['an unknown dtype', [['a', JSON.parse('{"dtype":"F8","shape":[],"data":[1]}')]], 'DTYPE'],
    ['an array of another type', [['a', Object.assign({}, good, { dtype: 'F32' })]], 'DTYPE'],
  ])('refuses %s', (_, list, code) => {
    expect(() => writeSafetensors(list)).toThrow(SafetensorsError)
    expect(() => writeSafetensors(list)).toThrow(expect.objectContaining({ code }))
  })

  it('refuses metadata that are not text', () => {
    const texts: Record<string, string> = JSON.parse('{"a":1}')
    expect(() => writeSafetensors([], texts)).toThrow(expect.objectContaining({ code: 'METADATA' }))
  })
})
