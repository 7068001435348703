import { type BinaryReader, binaryReader } from './binary-reader.js'
import { opcodes } from './opcodes.js'
import { WasmEmitError } from './wasm-emit-error.js'

/**
 * A module made by `assemble` as WebAssembly text, one instruction a line, each with its offset in the module: the number at the
 * end of a trap's stack line (`wasm-function[0]:0x5a`).
 *
 * @throws WasmEmitError `FORMAT` where the bytes are no such module
 */
export function text(bytes: Uint8Array): string {
  const module = binaryReader(bytes)
  if (module.bytes(8).join() !== '0,97,115,109,1,0,0,0')
    throw new WasmEmitError('FORMAT', 'text: not a WebAssembly module')
  const sections = new Map<number, BinaryReader>()
  while (module.more()) {
    const id = module.byte()
    sections.set(id, module.part(module.unsigned()))
  }
  const items = <T>(id: number, item: (reader: BinaryReader, i: number) => T): T[] => sections.get(id)?.list(item) ?? []

  const names = readNames(sections.get(0))
  const signatures = items(1, readSignature)
  const imports = items(2, readMemoryImport)
  const types = items(3, (reader) => signatures[reader.unsigned()]!)
  const exports = new Map(items(7, readExport))
  const functions = items(10, (reader, i) =>
    printFunction(reader.part(reader.unsigned()), types[i]!, {
      heading: `func ${names.function(i)}${exports.has(i) ? ` (export ${quoted(exports.get(i)!)})` : ''}`,
      local: (j) => names.local(i, j),
      callee: names.function,
    }),
  )
  return ['(module', ...imports, ...functions.flat(), ')', ''].join('\n')
}

interface Signature {
  readonly parameters: readonly string[]
  readonly results: readonly string[]
}

const typeNames = new Map([
  [0x7f, 'i32'],
  [0x7e, 'i64'],
  [0x7d, 'f32'],
  [0x7c, 'f64'],
  [0x7b, 'v128'],
])
const readType = (reader: BinaryReader) => typeNames.get(reader.byte())!

function readSignature(reader: BinaryReader): Signature {
  reader.byte()
  return { parameters: reader.list(readType), results: reader.list(readType) }
}

function readMemoryImport(reader: BinaryReader): string {
  const from = `${quoted(reader.string())} ${quoted(reader.string())}`
  reader.byte()
  const flags = reader.byte()
  const sizes = flags & 1 ? `${reader.unsigned()} ${reader.unsigned()}` : `${reader.unsigned()}`
  return `  (import ${from} (memory ${sizes}${flags & 2 ? ' shared' : ''}))`
}

function readExport(reader: BinaryReader): [number, string] {
  const name = reader.string()
  reader.byte()
  return [reader.unsigned(), name]
}

function readNames(reader: BinaryReader | undefined) {
  const readMap = (from: BinaryReader) => new Map(from.list((at) => [at.unsigned(), at.string()] as const))
  let functions = new Map<number, string>()
  let locals = new Map<number, Map<number, string>>()
  reader?.string()
  while (reader?.more()) {
    const kind = reader.byte()
    const part = reader.part(reader.unsigned())
    if (kind === 1) functions = readMap(part)
    if (kind === 2) locals = new Map(part.list((at) => [at.unsigned(), readMap(at)]))
  }
  const functionNames = identifiers(functions)
  const localNames = new Map([...locals].map(([i, names]) => [i, identifiers(names)]))
  return {
    function: (i: number) => functionNames.get(i) ?? `$.${i}`,
    local: (i: number, j: number) => localNames.get(i)?.get(j) ?? `$${j}`,
  }
}

/** Names as the text format has them; one that stood before is told apart by its number. */
function identifiers(names: ReadonlyMap<number, string>): Map<number, string> {
  const seen = new Set<string>()
  return new Map(
    [...names].map(([i, name]) => {
      const id = identifier(name)
      const own = seen.has(id) ? `${id}.${i}` : id
      seen.add(own)
      return [i, own]
    }),
  )
}

const quoted = (name: string) => `"${name.replace(/["\\\p{Cc}]/gu, (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`)}"`
const identifier = (name: string) => `$${name.replace(/[^\w!#$%&'*+\-./:<=>?@\\^`|~]/g, '_')}`

interface Names {
  readonly heading: string
  local(i: number): string
  callee(i: number): string
}

function printFunction(reader: BinaryReader, { parameters, results }: Signature, names: Names): string[] {
  const locals = reader.list((at) => ({ count: at.unsigned(), type: readType(at) }))
  const typed = locals.flatMap(({ count, type }) => Array.from({ length: count }, () => type))
  const lines = [
    [`  (${names.heading}`, ...parameters.map((type, i) => `(param ${names.local(i)} ${type})`)].join(' '),
    ...typed.map((type, i) => `    (local ${names.local(parameters.length + i)} ${type})`),
  ]
  if (results.length > 0) lines[0] += ` (result ${results})`
  let depth = 2
  for (;;) {
    const at = reader.position()
    const [name, immediates] = readInstruction(reader, names)
    if (name === 'else' || name === 'end') depth--
    if (depth === 1) return [...lines, '  )']
    const line = `${'  '.repeat(depth)}${[name, ...immediates].join(' ')}`
    lines.push(`${line.padEnd(60)} ;; 0x${at.toString(16)}`)
    if (name === 'else' || name === 'loop' || name === 'if') depth++
  }
}

const instructions = new Map([...opcodes].map(([name, opcode]) => [opcode, name]))

function readInstruction(reader: BinaryReader, names: Names): [string, (string | number | bigint)[]] {
  const first = reader.byte()
  const name = instructions.get(first < 0xfc ? first : (first << 12) + reader.unsigned())
  if (name === undefined)
    throw new WasmEmitError('FORMAT', `text: no instruction ${first} before 0x${reader.position().toString(16)}`)
  return [name, readImmediates(name, reader, names)]
}

function readImmediates(name: string, reader: BinaryReader, names: Names): (string | number | bigint)[] {
  if (name === 'loop' || name === 'if') {
    reader.byte()
    return []
  }
  if (name === 'memory.fill' || name === 'memory.copy') {
    reader.bytes(name === 'memory.copy' ? 2 : 1)
    return []
  }
  if (name.startsWith('local.')) return [names.local(reader.unsigned())]
  if (name === 'call') return [names.callee(reader.unsigned())]
  if (name.startsWith('br')) return [reader.unsigned()]
  if (name === 'i8x16.shuffle') return [...reader.bytes(16)]
  if (name === 'v128.const') return ['i32x4', ...new Uint32Array(reader.bytes(16).buffer)].map(hexadecimal)
  if (name === 'f32.const') return [float(new Float32Array(reader.bytes(4).buffer)[0]!)]
  if (name === 'f64.const') return [float(new Float64Array(reader.bytes(8).buffer)[0]!)]
  if (name.endsWith('.const')) return [reader.signed()]
  const memory = /\.(load|store)/.test(name) ? readMemoryImmediates(reader) : []
  return /_lane(_[su])?$/.test(name) ? [...memory, reader.byte()] : memory
}

function readMemoryImmediates(reader: BinaryReader): string[] {
  const align = `align=${2 ** reader.unsigned()}`
  const offset = reader.unsigned()
  return offset === 0 ? [align] : [`offset=${offset}`, align]
}

const hexadecimal = (n: number | string) => (typeof n === 'string' ? n : `0x${n.toString(16)}`)

function float(n: number): string {
  if (Number.isNaN(n)) return 'nan'
  if (!Number.isFinite(n)) return n < 0 ? '-inf' : 'inf'
  return Object.is(n, -0) ? '-0' : String(n)
}
