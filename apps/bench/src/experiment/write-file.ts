import { appendFile } from 'node:fs/promises'
import writeFileAtomic from 'write-file-atomic'
import { naming } from './naming.js'

/** Writes a file beside its place and renames it: it is there whole or not at all. An error names the file. */
export function writeWhole(path: string, data: string | Uint8Array): Promise<void> {
  const content = typeof data === 'string' ? data : Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  return naming(path, writeFileAtomic(path, content))
}

/** Appends a value as a JSON line. An error names the file. */
export function appendJsonLine(path: string, value: unknown): Promise<void> {
  return naming(path, appendFile(path, `${JSON.stringify(value)}\n`))
}
