import { rm } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { cacheFolder } from './cache-folder.js'
import { DatasetError } from './dataset-error.js'
import { type DownloadOptions, download, type Remote } from './download.js'
import { sizeOf, statusOf, systemCall, verifyMd5 } from './files.js'
import { unpack } from './unpack.js'

/** Where to look for published data. */
export interface LocateOptions extends DownloadOptions {
  /**
   * A folder that holds the files, or holds the folder that the archive unpacks to, or the archive; or the archive itself.
   * Nothing else is looked at then. Default: `$LOWBIT_DATA`, then the cache, then a download into the cache.
   */
  readonly directory?: string | undefined
  /** Default: `$XDG_CACHE_HOME/lowbit`, else what the platform has for caches. */
  readonly cache?: string | undefined
  /** Whether to download what is nowhere to be found. Default: true. */
  readonly download?: boolean | undefined
}

/** Data as they were published. */
export interface Published {
  /** Of the data's folder in the cache. */
  readonly name: string
  /** The folder that is made by unpacking the archive, or that other programs keep the files in. */
  readonly folder: string
  /** Every file, by each name that it may have. */
  readonly files: readonly (readonly string[])[]
  readonly origin: Archive | Files
}

interface Archive {
  readonly kind: 'archive'
  readonly remote: Remote
  /** Bytes of each file to unpack, by its path in the folder. */
  readonly entries: ReadonlyMap<string, number>
}

interface Files {
  readonly kind: 'files'
  /** In the order of `Published.files`. */
  readonly remotes: readonly Remote[]
}

/**
 * The folder that holds the files, all of them, their contents not yet looked at.
 *
 * @throws DatasetError `NOT_FOUND` where the place pointed at lacks a file, `UNAVAILABLE` where there is no such place, or what
 *   downloading and unpacking throw
 */
export async function locate(published: Published, options: LocateOptions = {}): Promise<string> {
  const { name } = published
  const cache = resolve(options.cache ?? cacheFolder(), name)
  const looked: string[] = []
  for (const place of places(options)) {
    const found = await findIn(resolve(place), published)
    if (found?.kind === 'folder') return found.path
    if (found) return unpackGiven(found.path, cache, published)
    looked.push(place)
  }
  if (options.directory !== undefined) {
    throw new DatasetError('NOT_FOUND', `${options.directory} does not hold ${name}: ${expectation(published)}`)
  }
  if (await holdsAll(join(cache, published.folder), published)) return join(cache, published.folder)
  looked.push(cache)
  if (options.download === false) throw new DatasetError('UNAVAILABLE', `${name} is not in ${looked.join(' or ')}`)
  return fetchInto(cache, published, options)
}

/** What was pointed at, before the cache. */
function places({ directory }: LocateOptions): string[] {
  const place = directory ?? process.env.LOWBIT_DATA
  return place ? [place] : []
}

interface Found {
  readonly kind: 'folder' | 'archive'
  readonly path: string
}

async function findIn(place: string, published: Published): Promise<Found | undefined> {
  const { name, folder, files, origin } = published
  const status = await statusOf(place)
  if (!status) throw new DatasetError('NOT_FOUND', `${place} does not exist; expected ${expectation(published)}`)
  if (!status.isDirectory()) return origin.kind === 'archive' ? { kind: 'archive', path: place } : undefined
  for (const path of [place, join(place, folder), join(place, name), join(place, name, folder)]) {
    const missing = await missingFiles(path, files)
    if (missing.length === files.length) continue
    if (missing[0]) throw new DatasetError('NOT_FOUND', `${join(path, missing[0])} is missing`)
    return { kind: 'folder', path }
  }
  if (origin.kind === 'archive') {
    for (const path of [join(place, archiveName(origin)), join(place, name, archiveName(origin))]) {
      if ((await sizeOf(path)) !== undefined) return { kind: 'archive', path }
    }
  }
  return undefined
}

async function missingFiles(folder: string, files: Published['files']): Promise<string[]> {
  const missing: string[] = []
  for (const names of files) {
    const sizes = await Promise.all(names.map((name) => sizeOf(join(folder, name))))
    if (sizes.every((size) => size === undefined)) missing.push(names[0]!)
  }
  return missing
}

const holdsAll = async (folder: string, { files }: Published): Promise<boolean> =>
  (await missingFiles(folder, files)).length === 0

/** An archive that the user has: into the cache, unless that was done before. */
async function unpackGiven(archive: string, cache: string, published: Published): Promise<string> {
  const { folder, origin } = published
  const target = join(cache, folder)
  if (origin.kind !== 'archive') return target
  await verifyMd5(archive, origin.remote.md5)
  if (!(await holdsAll(target, published))) await unpack(archive, folder, origin.entries, target)
  return target
}

async function fetchInto(
  cache: string,
  { folder, files, origin }: Published,
  options: DownloadOptions,
): Promise<string> {
  const target = join(cache, folder)
  if (origin.kind === 'archive') {
    const archive = join(cache, archiveName(origin))
    await download(origin.remote, archive, options)
    await unpack(archive, folder, origin.entries, target)
    await systemCall(archive, rm(archive))
    return target
  }
  for (const [i, remote] of origin.remotes.entries()) {
    const isMissing = (await missingFiles(target, [files[i]!])).length > 0
    if (isMissing) await download(remote, join(target, basename(new URL(remote.address).pathname)), options)
  }
  return target
}

const archiveName = ({ remote }: Archive): string => basename(new URL(remote.address).pathname)

const expectation = ({ files, folder, origin }: Published): string =>
  `a folder with ${files.map(([name]) => name).join(', ')}, or with ${folder} in it` +
  (origin.kind === 'archive' ? `, or ${archiveName(origin)}` : '')
