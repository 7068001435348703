import { existsSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { dirname, extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Serves one page, the modules that it may import by their packages' names, and bytes that it is handed. */
export interface ModuleServer {
  /** Of the empty page. */
  readonly address: string
  /** Makes bytes readable at a path of the page's own server. */
  offer(bytes: Uint8Array | Float32Array): string
  /** Takes back what was offered at these paths: until then it is kept. */
  withdraw(...paths: readonly string[]): void
  close(): void
}

/** What a page may import, and the file of the package's folder that stands for it. */
const MODULES: readonly (readonly [name: string, packageName: string, file: string])[] = [
  ['@lowbit/int-kernels', '@lowbit/int-kernels', 'dist/index.js'],
  ['@lowbit/int-kernels/synthetic', '@lowbit/int-kernels', 'dist/synthetic/index.js'],
  ['@lowbit/wasm-emit', '@lowbit/wasm-emit', 'dist/index.js'],
  ['@lowbit/safetensors', '@lowbit/safetensors', 'dist/index.js'],
  ['onnxruntime-web/wasm', 'onnxruntime-web', 'dist/ort.wasm.bundle.min.mjs'],
  ['@litertjs/core', '@litertjs/core', 'dist/index.js'],
  ['@litertjs/wasm-utils', '@litertjs/wasm-utils', 'dist/index.js'],
]

/** Packages that others of the list bring along. */
const BROUGHT_BY: Readonly<Record<string, string>> = {
  '@lowbit/safetensors': '@lowbit/int-kernels',
  '@litertjs/wasm-utils': '@litertjs/core',
}

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
}

/** Scripts of our own that run in the page, as they are built: the same folder from the sources and from the build. */
const OWN_SCRIPTS = fileURLToPath(new URL('../../dist/browser/page/', import.meta.url))

/** On this machine only, at a port that is free. The page may share memory between threads. */
export async function startModuleServer(): Promise<ModuleServer> {
  const folders = packageFolders()
  const offered = new Map<string, Uint8Array>()
  let offers = 0
  const server = createServer(async ({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://page')
    const [, kind, ...rest] = pathname.split('/')
    if (kind === '') return send(response, 200, 'text/html', pageOf(folders))
    if (kind === 'bytes') return sendOrNot(response, 'application/octet-stream', offered.get(pathname))
    const path = kind === 'page' ? within(OWN_SCRIPTS, rest) : fileOf(folders, [kind!, ...rest])
    const bytes = path === undefined ? undefined : await readFile(path).catch(() => undefined)
    sendOrNot(response, TYPES[extname(url)] ?? 'application/octet-stream', bytes)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    offer(bytes) {
      const path = `/bytes/${offers++}`
      offered.set(path, new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength))
      return path
    },
    withdraw(...paths) {
      for (const path of paths) offered.delete(path)
    },
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** The folders of those packages that are installed. */
function packageFolders(): ReadonlyMap<string, string> {
  const require = createRequire(import.meta.url)
  const found = new Map<string, string>()
  for (const name of new Set(MODULES.map(([, packageName]) => packageName))) {
    const bringer = BROUGHT_BY[name]
    try {
      const from = bringer ? createRequire(require.resolve(`${bringer}/package.json`)) : require
      found.set(name, folderOf(from.resolve(name), name))
    } catch {
      // What is not installed cannot be imported: the page says so.
    }
  }
  return found
}

/** The package's folder, from a file in it: whichever holds the package.json of this name. Links are followed, so paths do not tell. */
function folderOf(file: string, packageName: string): string {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const description = join(folder, 'package.json')
    if (existsSync(description) && JSON.parse(readFileSync(description, 'utf8')).name === packageName) return folder
  }
  throw new Error(`${file}: expected it to lie in ${packageName}`)
}

function fileOf(folders: ReadonlyMap<string, string>, parts: readonly string[]): string | undefined {
  const scoped = parts[0]!.startsWith('@') ? 2 : 1
  const folder = folders.get(parts.slice(0, scoped).join('/'))
  return folder && within(folder, parts.slice(scoped))
}

/** The path of a file in a folder, which no `..` leaves. */
const within = (folder: string, parts: readonly string[]) => join(folder, normalize(`/${parts.join('/')}`))

function pageOf(folders: ReadonlyMap<string, string>): string {
  const present = MODULES.filter(([, packageName]) => folders.has(packageName))
  const imports = Object.fromEntries(present.map(([name, packageName, file]) => [name, `/${packageName}/${file}`]))
  return `<!doctype html><title>lowbit</title><script type="importmap">${JSON.stringify({ imports })}</script>`
}

function sendOrNot(response: ServerResponse, type: string, bytes: Uint8Array | undefined): void {
  if (bytes) send(response, 200, type, bytes)
  else send(response, 404, 'text/plain', 'not found')
}

function send(response: ServerResponse, status: number, type: string, body: string | Uint8Array): void {
  response.writeHead(status, {
    'Content-Type': type,
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
  })
  response.end(body)
}
