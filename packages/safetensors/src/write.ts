import { SafetensorsError } from './error.js'
import { longestHeader } from './header.js'
import { elementArrays, elementCount, isWellFormed, type Tensor } from './tensor.js'

/**
 * Writes a safetensors file. The same tensors and metadata give the same bytes, in whatever order they come: tensors are
 * sorted by element size (largest first, so that each is aligned to its elements) and then by name, metadata by key; the
 * header is padded with spaces so that the data start at a multiple of 8 bytes.
 *
 * @param tensors by name: a Map, or `Object.entries` of an object
 * @throws SafetensorsError where a name, dtype, shape or text cannot be written
 */
export function writeSafetensors(
  tensors: Iterable<readonly [name: string, tensor: Tensor]>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const sorted = checkTensors(tensors).sort(([a, x], [b, y]) => sizeOf(y) - sizeOf(x) || compare(a, b))
  const members: string[] = []
  const texts = Object.entries(metadata).sort(([a], [b]) => compare(a, b))
  if (texts.length > 0) members.push(`"__metadata__":{${texts.map(metadataMember).join()}}`)
  let end = 0
  for (const [name, { dtype, shape, data }] of sorted) {
    const start = end
    end += data.byteLength
    members.push(`${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [start, end] })}`)
  }

  const header = encodeHeader(`{${members.join()}}`)
  const file = new Uint8Array(8 + header.length + end)
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true)
  file.set(header, 8)
  let at = 8 + header.length
  for (const [, { data }] of sorted) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at)
    at += data.byteLength
  }
  return file
}

function checkTensors(tensors: Iterable<readonly [string, Tensor]>): (readonly [string, Tensor])[] {
  const names = new Set<string>()
  const checked = [...tensors]
  for (const [name, { dtype, shape, data }] of checked) {
    const refuse = (code: 'NAME' | 'DTYPE' | 'SHAPE', what: string): never => {
      throw new SafetensorsError(code, `writeSafetensors() tensor ${JSON.stringify(name)}: ${what}`, { tensor: name })
    }
    if (name === '__metadata__') refuse('NAME', 'the name is taken by the metadata')
    if (!isWellFormed(name)) refuse('NAME', 'the name is not well-formed Unicode')
    if (names.has(name)) refuse('NAME', 'the name is given twice')
    names.add(name)
    const expected = elementArrays.get(dtype)?.name
    if (expected === undefined) refuse('DTYPE', `unknown dtype ${JSON.stringify(dtype)}`)
    // By its name and not by instanceof: an array may come from another realm.
    if (data[Symbol.toStringTag] !== expected) {
      refuse('DTYPE', `${dtype} is held by a ${expected}, got a ${data[Symbol.toStringTag]}`)
    }
    const count = elementCount(shape)
    if (count !== data.length) refuse('SHAPE', `shape [${shape}] does not hold ${data.length} elements`)
  }
  return checked
}

function metadataMember([key, text]: [string, unknown]): string {
  if (typeof text !== 'string' || !isWellFormed(key) || !isWellFormed(text)) {
    throw new SafetensorsError('METADATA', `writeSafetensors() metadata ${JSON.stringify(key)} is not well-formed text`)
  }
  return `${JSON.stringify(key)}:${JSON.stringify(text)}`
}

function encodeHeader(json: string): Uint8Array {
  const bytes = new TextEncoder().encode(json)
  const header = new Uint8Array(Math.ceil(bytes.length / 8) * 8).fill(0x20)
  header.set(bytes)
  if (header.length > longestHeader) {
    throw new SafetensorsError(
      'HEADER',
      `writeSafetensors() header of ${header.length} bytes, at most ${longestHeader}`,
    )
  }
  return header
}

const sizeOf = ({ data }: Tensor): number => data.BYTES_PER_ELEMENT

/** By UTF-16 code units: the same in every locale. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
