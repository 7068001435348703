import { malloc, type WasmBackend } from './wasm-backend.js'

interface Arena {
  address: number
  bytes: number
}

const arenas = new WeakMap<WasmBackend, Arena>()

/**
 * Memory for the length of one kernel call, at least so many bytes, aligned to 16: packed filters, padded images. One arena a
 * backend, as large as the largest call has needed; a kernel that calls another one must not keep it meanwhile.
 */
export function scratch(backend: WasmBackend, bytes: number): number {
  const arena = arenas.get(backend) ?? { address: 0, bytes: 0 }
  if (bytes > arena.bytes) {
    if (arena.bytes > 0) backend.wasm._free(arena.address)
    arenas.delete(backend)
    arena.address = malloc(backend, bytes + 16)
    arena.bytes = bytes
    arenas.set(backend, arena)
  }
  return (arena.address + 15) & ~15
}

/** Gives the arena back to tfjs's heap. */
export function freeScratch(backend: WasmBackend): void {
  const arena = arenas.get(backend)
  if (arena) backend.wasm._free(arena.address)
  arenas.delete(backend)
}
