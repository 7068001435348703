import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { DatasetError } from './dataset-error.js'

/** What a published file has to be. */
export interface FileIdentity {
  readonly bytes: number
  /** In hexadecimal. Absent where none was published. */
  readonly md5?: string
}

/**
 * A file as it was published, or an error.
 *
 * @throws DatasetError `NOT_FOUND`, `SIZE`, `CHECKSUM` or `FILE`, naming the file
 */
export async function readVerified(path: string, { bytes, md5 }: FileIdentity): Promise<Uint8Array> {
  const size = await sizeOf(path)
  if (size === undefined) throw new DatasetError('NOT_FOUND', `${path} is missing`)
  if (size !== bytes) throw new DatasetError('SIZE', `${path} has ${size} bytes; expected ${bytes}`)
  const contents = await systemCall(path, readFile(path))
  // It may have changed since.
  if (contents.length !== bytes) {
    throw new DatasetError('SIZE', `${path} has ${contents.length} bytes; expected ${bytes}`)
  }
  if (md5 !== undefined) checkMd5(path, createHash('md5').update(contents).digest('hex'), md5)
  return contents
}

/** @throws DatasetError `CHECKSUM` where the file is another, or `FILE` */
export async function verifyMd5(path: string, md5: string): Promise<void> {
  const hash = createHash('md5')
  await systemCall(
    path,
    (async () => {
      for await (const chunk of createReadStream(path)) hash.update(chunk)
    })(),
  )
  checkMd5(path, hash.digest('hex'), md5)
}

function checkMd5(path: string, found: string, expected: string): void {
  if (found !== expected) throw new DatasetError('CHECKSUM', `${path} has md5 ${found}; expected ${expected}`)
}

/** Bytes of a file; undefined where there is none. */
export async function sizeOf(path: string): Promise<number | undefined> {
  const found = await statusOf(path)
  return found?.isFile() ? found.size : undefined
}

export async function statusOf(path: string) {
  try {
    return await stat(path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw fileError(path, error)
  }
}

/** Passes a result of the file system on; its errors become this package's, naming the file. */
export async function systemCall<T>(path: string, call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (error) {
    throw fileError(path, error)
  }
}

function fileError(path: string, cause: unknown): DatasetError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  const reason = reasons[code] ?? (cause instanceof Error ? cause.message : String(cause))
  return new DatasetError('FILE', `${path}: ${reason}`, { cause })
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'no space left on the disk',
  EDQUOT: 'the quota of disk space is used up',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  EISDIR: 'is a folder; expected a file',
  ENOENT: 'does not exist',
}
