import { appendFile } from 'node:fs/promises'
import writeFileAtomic from 'write-file-atomic'

/** Writes a file beside its place and renames it: it is there whole or not at all. An error names the file. */
export function writeWhole(path: string, data: string | Uint8Array): Promise<void> {
  const content = typeof data === 'string' ? data : Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  return naming(path, writeFileAtomic(path, content))
}

/** Appends a value as a JSON line. An error names the file. */
export function appendJsonLine(path: string, value: unknown): Promise<void> {
  return naming(path, appendFile(path, `${JSON.stringify(value)}\n`))
}

/** Node's errors name the path where opening failed, but not where writing did, as on a full disk. */
async function naming(path: string, writing: Promise<void>): Promise<void> {
  try {
    await writing
  } catch (error) {
    throw error instanceof Error && !('path' in error) ? Object.assign(error, { path }) : error
  }
}
