import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { MozJPEGModule } from '@jsquash/jpeg/codec/dec/mozjpeg_dec.js'
import { DatasetError } from './dataset-error.js'
import type { Picture } from './picture.js'

/**
 * Decodes a JPEG file to the very pixels that libjpeg gives (and so PIL and torchvision). Grey becomes RGB; CMYK is refused.
 *
 * @param name for the error
 * @throws DatasetError `IMAGE` where the bytes are no JPEG, are cut off, damaged, or hold more than 50 million pixels
 */
export async function decodeJpeg(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<Picture> {
  const problem = checkHeader(bytes)
  if (problem !== undefined) throw new DatasetError('IMAGE', `${name}: ${problem}`)
  const { libjpeg, complaints } = await decoder()
  complaints.length = 0
  let image: ImageData | null
  try {
    image = libjpeg.decode(bytes, false)
  } catch (cause) {
    // libjpeg ended its program: the next image gets another.
    loading = undefined
    throw new DatasetError('IMAGE', `${name}: ${complaints.at(-1) ?? 'cannot be decoded'}`, { cause })
  }
  const complaint = complaints.find((line) => !harmless.test(line))
  if (!image || complaint !== undefined) throw new DatasetError('IMAGE', `${name}: ${complaint ?? 'cannot be decoded'}`)
  return { width: image.width, height: image.height, rgba: image.data }
}

const mostPixels = 50_000_000

/**
 * Goes through the markers up to the frame header, which says how large the image is: before any memory is taken for it.
 * Returns what is wrong.
 */
function checkHeader(bytes: Uint8Array): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 4 || view.getUint16(0) !== 0xffd8) return 'is no JPEG file'
  let at = 2
  while (at + 9 <= bytes.length) {
    const marker = view.getUint16(at)
    if (marker === 0xffff) {
      at++
      continue
    }
    if (marker < 0xff01) return `holds ${marker.toString(16)} where a marker is expected`
    // SOF0 .. SOF15, without the tables DHT, JPG and DAC that have numbers among them.
    if (marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker)) {
      const pixels = view.getUint16(at + 5) * view.getUint16(at + 7)
      return pixels > mostPixels ? `holds ${pixels} pixels; at most ${mostPixels} are read` : undefined
    }
    at += 2 + view.getUint16(at + 2)
  }
  return 'has no frame header'
}

/** Bytes between two segments are skipped: many real files have them, and nothing is lost. */
const harmless = /extraneous bytes before marker/

interface Decoder {
  readonly libjpeg: MozJPEGModule
  /** What libjpeg printed. */
  readonly complaints: string[]
}

let loading: Promise<Decoder> | undefined

/** Loaded when the first image is decoded: importing this package costs nothing and changes nothing. */
function decoder(): Promise<Decoder> {
  loading ??= load()
  return loading
}

async function load(): Promise<Decoder> {
  const { default: instantiate } = await import('@jsquash/jpeg/codec/dec/mozjpeg_dec.js')
  const wasm = createRequire(import.meta.url).resolve('@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm')
  const complaints: string[] = []
  const hear = (line: string) => complaints.push(line)
  const libjpeg = await instantiate({
    wasmBinary: await readFile(wasm),
    print: hear,
    printErr: hear,
    noInitialRun: true,
  })
  return { libjpeg, complaints }
}
