import { setFlagsFromString } from 'node:v8'

/** What this engine can do but does not do by default: Node 20 has relaxed SIMD behind a flag. */
export const engineFlags: readonly string[] = process.versions.node.startsWith('20.')
  ? ['--experimental-wasm-relaxed-simd']
  : []

/** Switches that on. An application may; a library must not. It counts only before anything asks what the engine can do. */
export function useFastestEngine(): void {
  for (const flag of engineFlags) setFlagsFromString(flag)
}
