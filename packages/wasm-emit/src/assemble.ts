import { byteWriter } from './byte-writer.js'
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
  /** Whether locals bear their names too, for who reads the code: by default they do not, as writing them takes time. */
  readonly localNames?: boolean
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
  const types = new Map(signatures.map((bytes) => [bytes.join(), bytes]))
  const typeNumbers = new Map([...types.keys()].map((key, i) => [key, i]))

  const { append, copy, unsigned: number, sized, take } = byteWriter('assemble')
  const text = (s: string) => sized(() => copy(encoder.encode(s)))
  const list = <T>(items: readonly T[], write: (item: T) => void) => {
    number(items.length)
    items.forEach(write)
  }
  const section = (id: number, write: () => void) => {
    append([id])
    sized(write)
  }
  const nameMap = <T>(named: readonly (readonly [number, T])[], write: (of: T) => void) =>
    list(named, ([i, of]) => {
      number(i)
      write(of)
    })

  append([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])
  section(1, () => list([...types.values()], append))
  section(2, () =>
    list([options.memory ?? {}], (memory) => {
      text('env')
      text('memory')
      append([2, ...limits(memory)])
    }),
  )
  section(3, () => list(signatures, (bytes) => number(typeNumbers.get(bytes.join())!)))
  section(7, () =>
    list(functions, (f) => {
      text(f.name)
      append([0, ...unsigned(all.get(f)!)])
    }),
  )
  section(10, () =>
    list([...all.keys()], (f) =>
      sized(() => {
        list(runsOf(f), ({ type, count }) => append([...unsigned(count), typeBytes[type]]))
        for (const part of f.code) {
          if (part instanceof Uint8Array) copy(part)
          else append([0x10, ...unsigned(all.get(part)!)])
        }
      }),
    ),
  )
  section(0, () => {
    text('name')
    if (options.name !== undefined) section(0, () => text(options.name!))
    section(1, () =>
      nameMap(
        [...all].map(([f, i]) => [i, f.name]),
        text,
      ),
    )
    if (!options.localNames) return
    section(2, () =>
      nameMap(
        [...all].map(([f, i]) => [i, localNames(f)]),
        (names) => nameMap(names, text),
      ),
    )
  })
  return take()
}

const typeBytes: Record<Type, number> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b }
const encoder = /* @__PURE__ */ new TextEncoder()

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

/** Types of the places beside the parameters, equal ones that follow each other counted. */
function runsOf({ locals }: Func) {
  const runs: { type: Type; count: number }[] = []
  for (const { type } of locals) {
    const last = runs.at(-1)
    if (last?.type === type) last.count++
    else runs.push({ type, count: 1 })
  }
  return runs
}

/** Names of parameters and of other places, by number, where they have one. */
const localNames = ({ parameters, locals }: Func) =>
  [...Object.keys(parameters), ...locals.map(({ name }) => name)]
    .map((name, i) => [i, name] as const)
    .filter(([, name]) => name !== '')
