import { generator } from './run-instruction.js'

const integers = [0, 1, -1, 2, 3, 7, 8, 31, 32, 63, 127, 128, -127, -128, -129, 255, 32767, -32768, 65535, 2 ** 24 + 1]
const longs = [...integers, 2 ** 31 - 1, -(2 ** 31), 2 ** 32 - 1].map(BigInt).concat([2n ** 63n - 1n, -(2n ** 63n)])
const reals = [
  0,
  -0,
  0.5,
  -0.5,
  1,
  1.5,
  2.5,
  -2.5,
  -3.7,
  1e-45,
  -1e-40,
  3.4e38,
  1e10,
  -1e10,
  2 ** 31,
  -(2 ** 31),
  2 ** 24 + 1,
]
const floats = [...reals, Infinity, -Infinity, NaN]

const patterns = (make: (random: () => number) => ArrayLike<number> & { readonly buffer: ArrayBufferLike }) => make

/** Sixteen bytes whose lanes, read in some width, are extreme or random. */
const kinds = [
  patterns((random) => Int8Array.from({ length: 16 }, () => pick(integers, random))),
  patterns((random) => Int16Array.from({ length: 8 }, () => pick(integers, random))),
  patterns((random) => Int32Array.from({ length: 4 }, () => pick([...integers, 2 ** 31 - 1, -(2 ** 31)], random))),
  patterns((random) => Float32Array.from({ length: 4 }, () => pick(floats, random))),
  patterns((random) => Float64Array.from({ length: 2 }, () => pick(floats, random))),
  patterns((random) => Float32Array.from({ length: 4 }, () => (random() / 2 ** 32 - 0.5) * 2 ** (random() % 40))),
  patterns((random) => Uint32Array.from({ length: 4 }, random)),
]

const pick = <T>(from: readonly T[], random: () => number): T => from[random() % from.length]!

/** Records of so many operands, the same at every call. */
export function operandRecords(operands: number, count = 400): Uint8Array[][] {
  const random = generator(operands)
  const one = (): Uint8Array => {
    if (random() % 8 === 0) return new Uint8Array(BigInt64Array.of(pick(longs, random), pick(longs, random)).buffer)
    return new Uint8Array(pick(kinds, random)(random).buffer.slice(0))
  }
  return Array.from({ length: count }, () => {
    const record = Array.from({ length: operands }, one)
    // Equal operands make comparisons and subtractions meet.
    return random() % 6 === 0 ? record.map(() => record[0]!) : record
  })
}
