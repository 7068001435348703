import { SafetensorsError } from './error.js'
import { longestHeader, parseHeader } from './header.js'
import { type Dtype, elementArrays, elementCount, isDtype, isSize, isWellFormed, type Tensor } from './tensor.js'

export interface Safetensors {
  /** By name, in the order of their bytes in the file. */
  readonly tensors: Map<string, Tensor>
  /** Free text by key. Without a prototype: a key that the file does not hold is undefined, whatever its name. */
  readonly metadata: Record<string, string>
}

/**
 * Reads a safetensors file: 8 bytes of header length (u64, little endian), a JSON header, the tensors' bytes.
 *
 * Nothing in `bytes` is trusted: every byte of the data has to belong to exactly one tensor, and a tensor's bytes have to be
 * what its shape and element type say. `data` is a view of `bytes` where their alignment allows it, otherwise a copy: who
 * writes to it copies it first. Multi-byte elements are read in the machine's order, little endian wherever wasm runs fast.
 *
 * @throws SafetensorsError with a `code`, and `tensor` where one is at fault
 * @see https://github.com/huggingface/safetensors#format
 */
export function readSafetensors(bytes: Uint8Array): Safetensors {
  const dataStart = endOfHeader(bytes)
  // slice() copies the header: TextDecoder takes no shared memory in browsers. Not bytes.slice(): Node's Buffer gives a view.
  const header = parseHeader(Uint8Array.prototype.slice.call(bytes, 8, dataStart))
  const data = bytes.subarray(dataStart)

  let metadata: Record<string, string> = Object.create(null)
  const entries: Entry[] = []
  for (const [name, value] of header) {
    if (name === '__metadata__') metadata = checkMetadata(value)
    else entries.push(checkEntry(name, value))
  }

  entries.sort((a, b) => a.start - b.start || a.end - b.end)
  checkPartition(entries, data.length)
  return { tensors: new Map(entries.map((entry) => [entry.name, toTensor(entry, data)])), metadata }
}

interface Entry {
  readonly name: string
  readonly dtype: Dtype
  readonly shape: readonly number[]
  /** Bytes from..to, counted from the end of the header. */
  readonly start: number
  readonly end: number
}

function endOfHeader(bytes: Uint8Array): number {
  if (bytes.length < 8) {
    throw new SafetensorsError('TRUNCATED', `readSafetensors() file of ${bytes.length} bytes; the shortest has 8`)
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true)
  if (length > BigInt(longestHeader)) {
    throw new SafetensorsError(
      'HEADER',
      `readSafetensors() header of ${length} bytes; at most ${longestHeader} are read`,
    )
  }
  const end = 8 + Number(length)
  if (end > bytes.length) {
    throw new SafetensorsError('TRUNCATED', `readSafetensors() header ends at byte ${end}, the file at ${bytes.length}`)
  }
  return end
}

function checkMetadata(value: unknown): Record<string, string> {
  if (!isRecord(value)) throw new SafetensorsError('METADATA', 'readSafetensors() __metadata__ is not an object')
  const metadata: Record<string, string> = Object.create(null)
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string' || !isWellFormed(key) || !isWellFormed(text)) {
      throw new SafetensorsError('METADATA', `readSafetensors() __metadata__ ${show(key)} is not well-formed text`)
    }
    metadata[key] = text
  }
  return metadata
}

function checkEntry(name: string, value: unknown): Entry {
  const refuse = (code: 'NAME' | 'HEADER' | 'DTYPE' | 'SHAPE' | 'OFFSETS', what: string): never => {
    throw new SafetensorsError(code, `readSafetensors() tensor ${show(name)}: ${what}`, { tensor: name })
  }
  if (!isWellFormed(name)) return refuse('NAME', 'the name is not well-formed Unicode')
  if (!isRecord(value)) return refuse('HEADER', `expected an object, got ${show(value)}`)
  const { dtype, shape, data_offsets: offsets } = value
  if (!isDtype(dtype)) return refuse('DTYPE', `unknown dtype ${show(dtype)}`)
  if (!Array.isArray(shape)) return refuse('SHAPE', `shape is ${show(shape)}`)
  const count = elementCount(shape)
  const size = count === undefined ? Number.NaN : count * elementArrays.get(dtype)!.BYTES_PER_ELEMENT
  if (!Number.isSafeInteger(size)) return refuse('SHAPE', `shape ${show(shape)} is no shape`)
  if (!Array.isArray(offsets) || offsets.length !== 2) return refuse('OFFSETS', `data_offsets are ${show(offsets)}`)
  const [start, end]: unknown[] = offsets
  if (!isSize(start) || !isSize(end) || start > end) return refuse('OFFSETS', `data_offsets are ${show(offsets)}`)
  if (end - start !== size) {
    return refuse('SHAPE', `${dtype} ${show(shape)} takes ${size} bytes, data_offsets give it ${end - start}`)
  }
  return { name, dtype, shape, start, end }
}

/** The entries, in order, have to fill 0..length without a gap and without sharing a byte. */
function checkPartition(entries: readonly Entry[], length: number): void {
  let filled = 0
  for (const { name, start, end } of entries) {
    if (start !== filled) {
      const what = start < filled ? 'that another tensor holds' : `leaving out those from ${filled}`
      throw new SafetensorsError('OFFSETS', `readSafetensors() tensor ${show(name)} starts at byte ${start}, ${what}`, {
        tensor: name,
      })
    }
    if (end > length) {
      throw new SafetensorsError(
        'TRUNCATED',
        `readSafetensors() tensor ${show(name)} ends at byte ${end}, the data at ${length}`,
        { tensor: name },
      )
    }
    filled = end
  }
  if (filled !== length) {
    throw new SafetensorsError('OFFSETS', `readSafetensors() data of ${length} bytes, tensors hold ${filled}`)
  }
}

function toTensor({ dtype, shape, start, end }: Entry, data: Uint8Array): Tensor {
  const Elements = elementArrays.get(dtype)!
  const size = Elements.BYTES_PER_ELEMENT
  const misaligned = (data.byteOffset + start) % size !== 0
  const bytes = misaligned ? Uint8Array.prototype.slice.call(data, start, end) : data.subarray(start, end)
  return { dtype, shape, data: new Elements(bytes.buffer, bytes.byteOffset, bytes.length / size) } as Tensor
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A value from the file as it may stand in a message: JSON, cut at 80 characters. */
function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'absent'
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}
