import { setFlagsFromString } from 'node:v8'

/**
 * Switches on what this engine can do but does not do by default. An application may; a library must not.
 * Node 20 has relaxed SIMD behind a flag, which counts only before WebAssembly is first compiled.
 */
export function useFastestEngine(): void {
  if (process.versions.node.startsWith('20.')) setFlagsFromString('--experimental-wasm-relaxed-simd')
}
