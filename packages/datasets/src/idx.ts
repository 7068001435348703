import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { type Dataset, dataset } from './dataset.js'
import { DatasetError } from './dataset-error.js'
import { sizeOf, systemCall } from './files.js'
import { type LocateOptions, locate, type Published } from './locate.js'
import { type Split, split } from './split.js'
import type { ImageShape } from './warp.js'

/** A dataset in the idx format of MNIST: grey images of 28x28, labels of one byte, raw or gzipped. */
export interface IdxEdition {
  readonly name: string
  readonly classes: readonly string[]
  readonly published: Published
  readonly train: IdxSplit
  readonly test: IdxSplit
}

interface IdxSplit {
  readonly images: IdxFile
  readonly labels: IdxFile
  readonly size: number
}

interface IdxFile {
  /** Without `.gz`. */
  readonly name: string
  /** Of the raw contents; absent where it was never published. */
  readonly md5?: string
}

const side = 28
const shape: ImageShape = [side, side, 1]

/** Finds the files of an edition and reads them, each checked by header, length and, where it is known, md5. */
export async function loadIdx(edition: IdxEdition, options: LocateOptions): Promise<Dataset> {
  const folder = await locate(edition.published, options)
  const [train, test] = await Promise.all([readSplit(folder, edition.train), readSplit(folder, edition.test)])
  return dataset({ name: edition.name, classes: edition.classes, shape, train, test, source: folder })
}

async function readSplit(folder: string, { images, labels, size }: IdxSplit): Promise<Split> {
  return split({
    images: await readIdx(folder, images, [size, side, side]),
    labels: await readIdx(folder, labels, [size]),
    shape,
  })
}

/** The bytes after the header: two zeros, the type (8: unsigned byte), the number of dimensions, and those as big-endian u32. */
async function readIdx(folder: string, { name, md5 }: IdxFile, dimensions: readonly number[]): Promise<Uint8Array> {
  const header = 4 + 4 * dimensions.length
  const bytes = header + dimensions.reduce((product, length) => product * length, 1)
  const { path, contents } = await readMaybeGzipped(join(folder, name), bytes)
  if (contents.length !== bytes) {
    throw new DatasetError('SIZE', `${path} holds ${contents.length} bytes; expected ${bytes}`)
  }
  const view = new DataView(contents.buffer, contents.byteOffset, header)
  const found = Array.from({ length: header / 4 }, (_, i) => view.getUint32(4 * i))
  const expected = [0x0800 + dimensions.length, ...dimensions]
  if (found.join() !== expected.join()) {
    throw new DatasetError(
      'FORMAT',
      `${path} begins with the numbers ${found.join(', ')}; expected ${expected.join(', ')}`,
    )
  }
  const digest = createHash('md5').update(contents).digest('hex')
  if (md5 !== undefined && digest !== md5) {
    throw new DatasetError('CHECKSUM', `${path} has md5 ${digest}; expected ${md5}`)
  }
  return new Uint8Array(contents.buffer, contents.byteOffset + header, bytes - header)
}

async function readMaybeGzipped(raw: string, bytes: number): Promise<{ path: string; contents: Uint8Array }> {
  const size = await sizeOf(raw)
  if (size !== undefined) {
    if (size !== bytes) throw new DatasetError('SIZE', `${raw} has ${size} bytes; expected ${bytes}`)
    return { path: raw, contents: await systemCall(raw, readFile(raw)) }
  }
  const path = `${raw}.gz`
  const packed = await sizeOf(path)
  if (packed === undefined) throw new DatasetError('NOT_FOUND', `${path} is missing`)
  // What cannot be packed grows a little.
  if (packed > 2 * bytes + 1000) {
    throw new DatasetError('SIZE', `${path} has ${packed} bytes; what it packs has ${bytes}`)
  }
  try {
    return { path, contents: await unzip(await systemCall(path, readFile(path)), { maxOutputLength: bytes }) }
  } catch (cause) {
    if (cause instanceof DatasetError) throw cause
    if (cause instanceof RangeError)
      throw new DatasetError('SIZE', `${path} unpacks to more than ${bytes} bytes`, { cause })
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new DatasetError('FORMAT', `${path} cannot be unzipped: ${reason}`, { cause })
  }
}

const unzip = promisify(gunzip)
