import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { list, type ReadEntry } from 'tar'
import { DatasetError } from './dataset-error.js'
import { systemCall } from './files.js'

/**
 * Unpacks the files that are wanted from a .tar.gz, and nothing else, into a folder that is there whole or not at all.
 * No name from the archive reaches the file system: an entry is written under the name it was wanted by, or not.
 *
 * @param wanted bytes of each file, by its path in the archive's only folder
 * @param folder replaced if it exists; its last name is the folder's in the archive
 * @throws DatasetError `ARCHIVE` where a file is missing, has another size, comes twice or is no file; `FILE`
 */
export async function unpack(
  archive: string,
  inner: string,
  wanted: ReadonlyMap<string, number>,
  folder: string,
): Promise<void> {
  const unfinished = join(dirname(folder), `.unpack-${randomUUID()}`)
  await systemCall(unfinished, mkdir(unfinished, { recursive: true }))
  try {
    await extract(archive, inner, wanted, unfinished)
    await systemCall(folder, rm(folder, { recursive: true, force: true }))
    await systemCall(folder, rename(unfinished, folder))
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true })
    throw error
  }
}

async function extract(
  archive: string,
  inner: string,
  wanted: ReadonlyMap<string, number>,
  into: string,
): Promise<void> {
  const written = new Map<string, Promise<void>>()
  let refusal: DatasetError | undefined
  const take = (entry: ReadEntry) => {
    const name = entry.path.startsWith(`${inner}/`) ? entry.path.slice(inner.length + 1) : ''
    const bytes = wanted.get(name)
    if (bytes === undefined || refusal) return
    const problem = wrong(entry, bytes) ?? (written.has(name) ? 'is there twice' : undefined)
    if (problem) {
      refusal = new DatasetError('ARCHIVE', `${archive}: ${entry.path} ${problem}`)
      return
    }
    const chunks: Buffer[] = []
    entry.on('data', (chunk) => chunks.push(chunk))
    const path = join(into, name)
    const ended = new Promise<void>((resolve) => entry.on('end', resolve))
    written.set(
      name,
      systemCall(
        path,
        ended.then(() => writeFile(path, Buffer.concat(chunks))),
      ),
    )
  }
  try {
    await list({ file: archive, strict: true, onReadEntry: take })
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new DatasetError('ARCHIVE', `${archive} cannot be unpacked: ${reason}`, { cause })
  }
  await Promise.all(written.values())
  if (refusal) throw refusal
  for (const name of wanted.keys()) {
    if (!written.has(name)) throw new DatasetError('ARCHIVE', `${archive} lacks ${inner}/${name}`)
  }
}

function wrong({ type, size }: ReadEntry, bytes: number): string | undefined {
  if (type !== 'File' && type !== 'OldFile') return `is a ${type}; expected a file`
  return size === bytes ? undefined : `has ${size} bytes; expected ${bytes}`
}
