import { gzipSync } from 'node:zlib'
import { Header } from 'tar'

interface Entry {
  readonly path: string
  readonly type?: 'File' | 'SymbolicLink' | 'Link' | 'Directory'
  readonly linkpath?: string
  readonly contents?: Uint8Array
}

/** A .tar.gz of exactly these entries, whatever a well-behaved program would think of them. */
export function archiveOf(entries: readonly Entry[]): Uint8Array {
  const blocks = entries.flatMap(({ path, type = 'File', linkpath, contents = new Uint8Array(0) }) => {
    const header = Buffer.alloc(512)
    new Header({ path, type, mode: 0o644, size: contents.length, ...(linkpath !== undefined && { linkpath }) }).encode(
      header,
    )
    return [header, contents, Buffer.alloc((512 - (contents.length % 512)) % 512)]
  })
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]))
}
