import { detectEngine, type Engine, plainEngine } from '../src/engine.js'

// Node 20 has relaxed SIMD behind a flag, which must be set before the first module is compiled.
if (typeof process !== 'undefined' && process.versions.node.startsWith('20.')) {
  process.getBuiltinModule('node:v8').setFlagsFromString('--experimental-wasm-relaxed-simd')
}

const detected = detectEngine()

/** Every kind of engine that this one can pass for. */
export const engines: readonly (readonly [name: string, engine: Engine])[] = [
  ['plain SIMD', plainEngine],
  ...(detected.relaxedDot ? [['relaxed SIMD', { relaxedDot: true, unsignedDotAdd: false }] as const] : []),
  ...(detected.unsignedDotAdd ? [['relaxed SIMD with VNNI', detected] as const] : []),
]
