import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DatasetError } from './dataset-error.js'
import { type FileIdentity, sizeOf, systemCall, verifyMd5 } from './files.js'

/** A file that can be downloaded. */
export interface Remote extends FileIdentity {
  readonly address: string
  readonly md5: string
}

export interface Progress {
  /** Bytes of the file that are here, those of an earlier attempt included. */
  readonly received: number
  /** Bytes of the whole file. */
  readonly total: number
}

export interface DownloadOptions {
  readonly onProgress?: ((progress: Progress) => void) | undefined
  /** Ends the download with the signal's reason; what is here is kept for the next attempt. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Brings a file to `path`, whole and checked, or not at all: it grows in `path.part` and is renamed at the end. Where the
 * connection breaks, it goes on as long as every attempt brings something; where it ended for good, the next call goes on.
 *
 * @throws DatasetError `UNAVAILABLE` where the server cannot be reached, does not have the file or breaks off; `DOWNLOAD` where
 *   it sends more than the file; `CHECKSUM` where it sends another; `FILE` where the disk is full or protected
 */
export async function download(remote: Remote, path: string, options: DownloadOptions = {}): Promise<void> {
  const part = `${path}.part`
  await systemCall(path, mkdir(dirname(path), { recursive: true }))
  const resumed = ((await sizeOf(part)) ?? 0) > 0
  await receiveWhole(remote, part, options)
  try {
    await verifyMd5(part, remote.md5)
  } catch (error) {
    await systemCall(part, rm(part, { force: true }))
    if (!(error instanceof DatasetError && error.code === 'CHECKSUM')) throw error
    // The beginning may have been of another version of the file, or damaged: once more, from the start.
    if (resumed) return download(remote, path, options)
    throw new DatasetError('CHECKSUM', `${remote.address}: what was downloaded is not the file: ${error.message}`)
  }
  await systemCall(path, rename(part, path))
}

async function receiveWhole(remote: Remote, part: string, options: DownloadOptions): Promise<void> {
  let before = (await sizeOf(part)) ?? 0
  if (before > remote.bytes) {
    await systemCall(part, rm(part))
    before = 0
  }
  while (before < remote.bytes) {
    const cutOff = await receive(remote, part, before, options)
    const after = (await sizeOf(part)) ?? 0
    if (after === remote.bytes) return
    if (after <= before) {
      const reason = cutOff === undefined ? 'the connection was closed' : explain(cutOff)
      throw new DatasetError(
        'UNAVAILABLE',
        `${remote.address} broke off after ${after} of ${remote.bytes} bytes: ${reason}; the next attempt goes on there`,
        { cause: cutOff },
      )
    }
    before = after
  }
}

/** One request. Returns what cut it off, if something did once bytes were coming. */
async function receive(remote: Remote, part: string, from: number, options: DownloadOptions): Promise<unknown> {
  const response = await request(remote.address, from, options.signal)
  const continues = response.status === 206
  const file = await systemCall(part, open(part, continues ? 'a' : 'w'))
  let received = continues ? from : 0
  try {
    options.onProgress?.({ received, total: remote.bytes })
    const chunks = response.body?.getReader()
    while (chunks) {
      let chunk: ReadableStreamReadResult<Uint8Array>
      try {
        chunk = await chunks.read()
      } catch (error) {
        options.signal?.throwIfAborted()
        return error
      }
      if (chunk.done) return undefined
      received += chunk.value.length
      if (received > remote.bytes) {
        await chunks.cancel()
        await systemCall(part, rm(part, { force: true }))
        throw new DatasetError('DOWNLOAD', `${remote.address} sends more than the ${remote.bytes} bytes of the file`)
      }
      await systemCall(part, file.writeFile(chunk.value))
      options.onProgress?.({ received, total: remote.bytes })
    }
    return undefined
  } finally {
    await file.close()
  }
}

/** Asks for the file from a byte on: an answer of 206 goes on there, one of 200 begins at the start. */
async function request(address: string, from: number, signal: AbortSignal | undefined): Promise<Response> {
  // Identity: fetch would unpack what a server calls gzip-encoded, and the checksum is that of the packed file.
  const headers: Record<string, string> = { 'accept-encoding': 'identity' }
  if (from > 0) headers.range = `bytes=${from}-`
  let response: Response
  try {
    response = await fetch(address, { headers, ...(signal && { signal }) })
  } catch (error) {
    signal?.throwIfAborted()
    throw new DatasetError('UNAVAILABLE', `${address} cannot be reached: ${explain(error)}`, { cause: error })
  }
  if (response.status === 200) return response
  if (response.status === 206 && response.headers.get('content-range')?.startsWith(`bytes ${from}-`)) return response
  await response.body?.cancel()
  // The server will not go on there: from the start.
  if (from > 0 && (response.status === 206 || response.status === 416)) return request(address, 0, signal)
  throw new DatasetError('UNAVAILABLE', `${address} answered ${response.status} ${response.statusText}`.trim())
}

/** fetch says "fetch failed"; why lies in the causes below. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.cause instanceof Error) return explain(error.cause)
  const code = 'code' in error ? String(error.code) : ''
  return error.message || code || error.name
}
