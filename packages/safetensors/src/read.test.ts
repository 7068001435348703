import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { SafetensorsError } from './error.js'
import { readSafetensors } from './read.js'
import type { Tensor } from './tensor.js'
import { writeSafetensors } from './write.js'

/** A file with this header (an object, or text as it stands) before `data` bytes of data. */
function file(header: unknown, data = 0): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header))
  const bytes = new Uint8Array(8 + text.length + data)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true)
  bytes.set(text, 8)
  return bytes
}

function refusal(bytes: Uint8Array): SafetensorsError {
  try {
    readSafetensors(bytes)
  } catch (error) {
    if (error instanceof SafetensorsError) return error
    throw error
  }
  throw new Error('the file was read')
}

const entry = (start: number, end: number, shape: unknown = [end - start], dtype: unknown = 'U8') => ({
  dtype,
  shape,
  data_offsets: [start, end],
})

describe('readSafetensors', () => {
  it('reads a file written by hand', () => {
    const bytes = file('{"__metadata__":{"made":"by hand"},"b":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]}}', 4)
    new DataView(bytes.buffer).setFloat32(bytes.length - 4, 1.5, true)
    const { tensors, metadata } = readSafetensors(bytes)
    expect(tensors).toEqual(new Map([['b', { dtype: 'F32', shape: [1, 1], data: new Float32Array([1.5]) }]]))
    expect({ ...metadata }).toEqual({ made: 'by hand' })
  })

  it('reads at any alignment, from shared memory too', () => {
    const tensor: Tensor = { dtype: 'F64', shape: [2], data: new Float64Array([1 / 3, -2]) }
    const bytes = writeSafetensors([['x', tensor]])
    for (let offset = 0; offset < 9; offset++) {
      // A page that is not cross-origin isolated has no SharedArrayBuffer to construct, but has shared memories.
      const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true })
      const moved = new Uint8Array(memory.buffer, offset, bytes.length)
      moved.set(bytes)
      expect(readSafetensors(moved).tensors.get('x')).toEqual(tensor)
    }
  })

  it('keeps names that objects have of themselves apart from them', () => {
    const bytes = file(
      '{"__metadata__":{"__proto__":"m"},"__proto__":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}',
      1,
    )
    const { tensors, metadata } = readSafetensors(bytes)
    expect([...tensors.keys()]).toEqual(['__proto__'])
    expect(Object.keys(metadata)).toEqual(['__proto__'])
    expect(metadata.constructor).toBeUndefined()
    expect(Object.getPrototypeOf({})).toBe(Object.prototype)
    const pretender = file('{"a":{"dtype":"constructor","shape":[],"data_offsets":[0,1]}}', 1)
    expect(refusal(pretender)).toMatchObject({ code: 'DTYPE', tensor: 'a' })
  })

  it.each<[name: string, bytes: Uint8Array, code: string, message: RegExp]>([
    ['an empty file', new Uint8Array(0), 'TRUNCATED', /0 bytes/],
    ['half a length', new Uint8Array(7), 'TRUNCATED', /7 bytes/],
    ['a header beyond the file', file('{}').subarray(0, 9), 'TRUNCATED', /ends at byte 10, the file at 9/],
    ['a length of 2^64 - 1', new Uint8Array(16).fill(255), 'HEADER', /18446744073709551615 bytes/],
    ['an empty header', file(''), 'HEADER', /starts with ""/],
    ['a byte order mark', file('\u{feff}{}'), 'HEADER', /starts with/],
    ['leading space', file(' {}'), 'HEADER', /starts with " "/],
    ['an array', file('[]'), 'HEADER', /starts with "\["/],
    ['half an object', file('{"a":'), 'HEADER', /not JSON/],
    ['deep nesting', file(`{"a":${'['.repeat(1e6)}`), 'HEADER', /not JSON/],
    ['broken UTF-8', Uint8Array.of(4, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x22, 0xff, 0x7d), 'HEADER', /not UTF-8/],
    ['a tensor twice', file('{"a":{},"\\u0061":{}}'), 'HEADER', /names "a" twice/],
    ['a dtype twice', file('{"a":{"dtype":"U8","dtype":"F64"}}'), 'HEADER', /names "dtype" twice/],
  ])('refuses %s', (_, bytes, code, message) => {
    const error = refusal(bytes)
    expect(error.code).toBe(code)
    expect(error.message).toMatch(message)
  })

  it.each<[name: string, header: unknown, data: number, code: string]>([
    ['metadata that are no object', { __metadata__: ['a'] }, 0, 'METADATA'],
    ['metadata that are no text', { __metadata__: { a: 1 } }, 0, 'METADATA'],
    ['metadata with half a character', '{"__metadata__":{"a":"\\ud800"}}', 0, 'METADATA'],
    ['a name with half a character', '{"\\ud800":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}', 1, 'NAME'],
    ['a tensor that is no object', { a: null }, 0, 'HEADER'],
    ['an unknown dtype', { a: entry(0, 1, [1], 'F8') }, 1, 'DTYPE'],
    ['a dtype that is no text', { a: entry(0, 1, [1], ['U8']) }, 1, 'DTYPE'],
    ['no shape', { a: { dtype: 'U8', data_offsets: [0, 1] } }, 1, 'SHAPE'],
    ['a negative dimension', { a: entry(0, 1, [-1]) }, 1, 'SHAPE'],
    ['two negative dimensions', { a: entry(0, 1, [-1, -1]) }, 1, 'SHAPE'],
    ['a fractional dimension', { a: entry(0, 1, [0.5, 2]) }, 1, 'SHAPE'],
    ['a dimension in quotes', { a: entry(0, 1, ['1']) }, 1, 'SHAPE'],
    ['a dimension that is an object', { a: entry(0, 1, [{ b: 1 }]) }, 1, 'SHAPE'],
    ['dimensions whose product overflows', { a: entry(0, 0, [2 ** 32, 2 ** 32]) }, 0, 'SHAPE'],
    ['bytes beyond 2^53', { a: entry(0, 8, [2 ** 52], 'F64') }, 8, 'SHAPE'],
    ['too few bytes for the shape', { a: entry(0, 4, [2], 'F32') }, 4, 'SHAPE'],
    ['no offsets', { a: { dtype: 'U8', shape: [1] } }, 1, 'OFFSETS'],
    ['three offsets', { a: { dtype: 'U8', shape: [1], data_offsets: [0, 1, 1] } }, 1, 'OFFSETS'],
    ['a negative offset', { a: entry(-1, 0) }, 1, 'OFFSETS'],
    ['offsets the wrong way round', { a: { dtype: 'U8', shape: [1], data_offsets: [1, 0] } }, 1, 'OFFSETS'],
    ['fractional offsets', { a: { dtype: 'U8', shape: [1], data_offsets: [0.5, 1.5] } }, 2, 'OFFSETS'],
    ['a tensor beyond the data', { a: entry(0, 2) }, 1, 'TRUNCATED'],
    ['two tensors on one byte', { a: entry(0, 2), b: entry(1, 3) }, 3, 'OFFSETS'],
    ['a hole before a tensor', { a: entry(1, 2) }, 2, 'OFFSETS'],
    ['a hole between tensors', { a: entry(0, 1), b: entry(2, 3) }, 3, 'OFFSETS'],
    ['bytes after the last tensor', { a: entry(0, 1) }, 2, 'OFFSETS'],
    ['data without tensors', {}, 1, 'OFFSETS'],
  ])('refuses %s', (_, header, data, code) => {
    expect(refusal(file(header, data)).code).toBe(code)
  })

  it('refuses names that the engine misreads', () => {
    const bytes = file('{"\\n":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}', 1)
    // As V8 13.6 and 14.6 do.
    const parse = vi.spyOn(JSON, 'parse').mockReturnValueOnce({ '\\': entry(0, 1) })
    const error = refusal(bytes)
    parse.mockRestore()
    expect(error.code).toBe('HEADER')
    expect(error.message).toBe('readSafetensors() this engine misreads the name "\\n"')
  })

  it('names the tensor at fault', () => {
    const error = refusal(file({ good: entry(0, 1), bad: entry(1, 2, [3]) }, 2))
    expect(error.tensor).toBe('bad')
    expect(error.message).toBe('readSafetensors() tensor "bad": U8 [3] takes 3 bytes, data_offsets give it 1')
  })

  it('refuses a mutated file, or reads what can be written again', () => {
    const bytes = writeSafetensors(
      [
        ['w', { dtype: 'F32', shape: [2, 2], data: new Float32Array([1, 2, 3, 4]) }],
        ['scale', { dtype: 'F64', shape: [], data: new Float64Array([0.1]) }],
        ['codes', { dtype: 'U8', shape: [3, 1], data: new Uint8Array([7, 8, 9]) }],
      ],
      { graph: '{"version":1}' },
    )
    const change = fc.record({
      at: fc.nat({ max: bytes.length - 1 }),
      removed: fc.nat({ max: 3 }),
      // Digits, quotes and brackets reach further into the checks than any byte would.
      added: fc.array(
        fc.oneof(
          fc.nat({ max: 255 }),
          fc.constantFrom(...'0123456789"[]{},:-.eU\\').map((c) => c.charCodeAt(0)),
        ),
        { maxLength: 3 },
      ),
    })
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), fc.boolean(), (changes, repairLength) => {
        const mutated = [...bytes]
        for (const { at, removed, added } of changes) mutated.splice(at, removed, ...added)
        const mutant = Uint8Array.from(mutated)
        if (repairLength && mutant.length > 8) {
          // As long as it has to be for the data to be where they were: mutations of the header get past the first check.
          const length = new DataView(bytes.buffer).getBigUint64(0, true) + BigInt(mutant.length - bytes.length)
          new DataView(mutant.buffer).setBigUint64(0, length, true)
        }
        let read: ReturnType<typeof readSafetensors>
        try {
          read = readSafetensors(mutant)
        } catch (error) {
          expect(error).toBeInstanceOf(SafetensorsError)
          return
        }
        for (const { shape, data } of read.tensors.values()) {
          expect(data.length).toBe(shape.reduce((product, size) => product * size, 1))
        }
        expect(readSafetensors(writeSafetensors(read.tensors, read.metadata))).toEqual(read)
      }),
      { numRuns: 5000 },
    )
  })
})
