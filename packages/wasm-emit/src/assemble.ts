import { unsigned } from './leb128.js'
import { integer, type Type } from './value.js'
import { WasmEmitError } from './wasm-emit-error.js'
import type { Func } from './written-func.js'

/** The memory that a module imports; sizes in pages of 64 KiB. */
export interface MemoryImport {
  /** The memory must have at least so many pages when the module is instantiated. */
  readonly minimum?: number
  /** The memory must have a maximum, of at most so many pages. A shared memory always has one, so for it the default is 65536. */
  readonly maximum?: number
  readonly shared?: boolean
}

export interface ModuleOptions {
  readonly memory?: MemoryImport
  /** Stands in traps and profiles: `wasm://wasm/<name>-<hash>`. */
  readonly name?: string
}

/**
 * The bytes of a module that exports the functions under their names and imports its memory as `env.memory`. Functions that
 * they call come along; those that are not in the list are not exported.
 */
export function assemble(functions: readonly Func[], options: ModuleOptions = {}): Uint8Array<ArrayBuffer> {
  const all = withCallees(functions)
  const exported = new Set<string>()
  for (const { name } of functions) {
    if (exported.has(name)) throw new WasmEmitError('NAME', `assemble: two functions are named ${name}`)
    exported.add(name)
  }
  const signatures = [...all.keys()].map(signature)
  const types = [...new Map(signatures.map((bytes) => [bytes.join(), bytes])).values()]
  const typeNumber = new Map(types.map((bytes, i) => [bytes.join(), i]))
  const locals = [...all.keys()].map((f) => [...Object.keys(f.parameters), ...f.locals.map(({ name }) => name)])
  return joined(
    [
      [[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]],
      section(1, list(types.map((bytes) => [bytes]))),
      section(2, list([[text('env'), text('memory'), [2], limits(options.memory ?? {})]])),
      section(3, list(signatures.map((bytes) => [unsigned(typeNumber.get(bytes.join())!)]))),
      section(7, list(functions.map((f) => [text(f.name), [0], unsigned(all.get(f)!)]))),
      section(10, list([...all.keys()].map((f) => sized(functionBody(f, all))))),
      section(0, [
        text('name'),
        ...(options.name === undefined ? [] : section(0, [text(options.name)])),
        ...section(1, list([...all].map(([f, i]) => [unsigned(i), text(f.name)]))),
        ...section(
          2,
          list(
            locals.map((names, i) => [
              unsigned(i),
              ...list(names.flatMap((name, j) => (name === '' ? [] : [[unsigned(j), text(name)]]))),
            ]),
          ),
        ),
      ]),
    ].flat(),
  )
}

type Bytes = Uint8Array | readonly number[]

const typeBytes: Record<Type, number> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b }
const length = (parts: readonly Bytes[]) => parts.reduce((sum, part) => sum + part.length, 0)
const sized = (parts: readonly Bytes[]): Bytes[] => [unsigned(length(parts)), ...parts]
const list = (items: readonly (readonly Bytes[])[]): Bytes[] => [unsigned(items.length), ...items.flat()]
const section = (id: number, parts: readonly Bytes[]): Bytes[] => [[id], ...sized(parts)]
const encoder = /* @__PURE__ */ new TextEncoder()
const text = (s: string): Bytes => {
  const bytes = encoder.encode(s)
  return [...unsigned(bytes.length), ...bytes]
}

function joined(chunks: readonly Bytes[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length(chunks))
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}

/** Functions and their numbers: those listed first, then those they call, each once. */
function withCallees(functions: readonly Func[]): Map<Func, number> {
  const all = new Map<Func, number>()
  const waiting = [...functions]
  for (let i = 0; i < waiting.length; i++) {
    const f = waiting[i]!
    if (all.has(f)) continue
    all.set(f, all.size)
    for (const part of f.code) if (!(part instanceof Uint8Array)) waiting.push(part)
  }
  return all
}

const signature = (f: Func): number[] => [
  0x60,
  ...unsigned(Object.keys(f.parameters).length),
  ...Object.values(f.parameters).map((type) => typeBytes[type]),
  ...(f.result === undefined ? [0] : [1, typeBytes[f.result]]),
]

function limits({ minimum = 0, shared = false, maximum = shared ? 65536 : undefined }: MemoryImport): number[] {
  integer('assemble', 'minimum pages', minimum, 0, 65536)
  if (maximum === undefined) return [0, ...unsigned(minimum)]
  integer('assemble', 'maximum pages', maximum, minimum, 65536)
  return [shared ? 3 : 1, ...unsigned(minimum), ...unsigned(maximum)]
}

function functionBody(f: Func, numbers: ReadonlyMap<Func, number>): Bytes[] {
  const runs: { type: Type; count: number }[] = []
  for (const { type } of f.locals) {
    const last = runs.at(-1)
    if (last?.type === type) last.count++
    else runs.push({ type, count: 1 })
  }
  return [
    ...list(runs.map(({ type, count }) => [[...unsigned(count), typeBytes[type]]])),
    ...f.code.map((part) => (part instanceof Uint8Array ? part : [0x10, ...unsigned(numbers.get(part)!)])),
  ]
}
