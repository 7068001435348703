import { expect, it } from 'vitest'
import type { V128 } from '../src/index.js'
import { operandRecords } from './operands.js'
import { runInstruction } from './run-instruction.js'

export type LaneArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array

/** Reads sixteen bytes as lanes. */
export type LanesOf<A extends LaneArray> = { new (buffer: ArrayBufferLike): A; readonly BYTES_PER_ELEMENT: number }

/** Names of the instructions that a case was run for. */
export const tested = new Set<string>()

/** NaNs are equal whatever their bits, which engines choose. */
function expectLanes<A extends LaneArray>(lanes: LanesOf<A>, got: Uint8Array, expected: Uint8Array, what: string) {
  const a = new lanes(got.slice().buffer)
  const b = new lanes(expected.slice().buffer)
  expect([...a], what).toEqual([...b])
}

/** Runs an instruction on vectors and compares every lane of the result with the reference's. */
export function check<R extends LaneArray>(
  name: string,
  operands: number,
  to: LanesOf<R>,
  apply: (...values: V128[]) => V128,
  reference: (...bytes: Uint8Array[]) => Uint8Array,
  suits: (...bytes: Uint8Array[]) => boolean = () => true,
) {
  tested.add(name.split(' ')[0]!)
  it(name, () => {
    const records = operandRecords(operands).filter((record) => suits(...record))
    expect(records.length).toBeGreaterThan(50)
    runInstruction(name, Array<'v128'>(operands).fill('v128'), apply, records).forEach((got, i) => {
      const what = `${name}(${records[i]!.map((bytes) => `[${bytes}]`)})`
      expectLanes(to, got, reference(...records[i]!), what)
    })
  })
}

type Lane<A extends LaneArray> = A[number]
type Cases<F, G> = Record<string, readonly [instruction: F, reference: G]>

const bytesOf = (lanes: LaneArray) => new Uint8Array(lanes.buffer)
const setLane = (lanes: LaneArray, i: number, value: number | bigint | boolean) => {
  // A comparison's lane is all ones or all zeros, whatever the type.
  if (typeof value === 'boolean')
    bytesOf(lanes).fill(value ? 255 : 0, i * lanes.BYTES_PER_ELEMENT, (i + 1) * lanes.BYTES_PER_ELEMENT)
  else lanes[i] = value
}

/** Lane i of the result from lane i of each operand. */
export function laneByLane<A extends LaneArray>(of: string, lanes: LanesOf<A>) {
  const result = (count: number, lane: (i: number) => number | bigint | boolean) => {
    const out = new lanes(new ArrayBuffer(16))
    for (let i = 0; i < count; i++) setLane(out, i, lane(i))
    return bytesOf(out)
  }
  const count = 16 / lanes.BYTES_PER_ELEMENT
  const read = (bytes: Uint8Array) => new lanes(bytes.slice().buffer)
  type Value = number | bigint | boolean
  return {
    unary(cases: Cases<(a: V128) => V128, (a: Lane<A>) => Value>) {
      for (const [name, [instruction, reference]] of Object.entries(cases))
        check(
          `${of}.${name}`,
          1,
          lanes,
          (a) => instruction(a!),
          (a) => {
            const x = read(a!)
            return result(count, (i) => reference(x[i]!))
          },
        )
    },
    binary(cases: Cases<(a: V128, b: V128) => V128, (a: Lane<A>, b: Lane<A>) => Value>) {
      for (const [name, [instruction, reference]] of Object.entries(cases)) {
        const isComparison = /^(eq|ne|[lg][te][SU]?)$/.test(name)
        check<LaneArray>(
          `${of}.${name}`,
          2,
          isComparison ? Uint8Array : lanes,
          (a, b) => instruction(a!, b!),
          (a, b) => {
            const [x, y] = [read(a!), read(b!)]
            return result(count, (i) => reference(x[i]!, y[i]!))
          },
        )
      }
    },
    ternary(cases: Cases<(a: V128, b: V128, c: V128) => V128, (a: Lane<A>, b: Lane<A>, c: Lane<A>) => Value>) {
      for (const [name, [instruction, reference]] of Object.entries(cases))
        check(
          `${of}.${name}`,
          3,
          lanes,
          (a, b, c) => instruction(a!, b!, c!),
          (a, b, c) => {
            const [x, y, z] = [read(a!), read(b!), read(c!)]
            return result(count, (i) => reference(x[i]!, y[i]!, z[i]!))
          },
        )
    },
  }
}

/** Lane i of the result from all lanes of the operands, which are read as another type: widening, narrowing, conversion. */
export function acrossLanes<A extends LaneArray, R extends LaneArray>(of: string, from: LanesOf<A>, to: LanesOf<R>) {
  return (
    cases: Cases<
      (a: V128, b: V128) => V128,
      (i: number, a: readonly Lane<A>[], b: readonly Lane<A>[]) => number | bigint
    >,
  ) => {
    for (const [name, [instruction, reference]] of Object.entries(cases))
      check(
        `${of}.${name}`,
        2,
        to,
        (a, b) => instruction(a!, b!),
        (a, b) => {
          const x = [...new from(a!.slice().buffer)]
          const y = [...new from(b!.slice().buffer)]
          const out = new to(new ArrayBuffer(16))
          for (let i = 0; i < 16 / to.BYTES_PER_ELEMENT; i++) setLane(out, i, reference(i, x, y))
          return bytesOf(out)
        },
      )
  }
}
