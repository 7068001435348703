import { readFile } from 'node:fs/promises'
import { naming } from './naming.js'

/** A file's bytes; `undefined` where there is none. An error names the file. */
export async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await naming(path, readFile(path))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** The same of a file that is text. */
export async function readTextIfThere(path: string): Promise<string | undefined> {
  const bytes = await readIfThere(path)
  return bytes && new TextDecoder().decode(bytes)
}
