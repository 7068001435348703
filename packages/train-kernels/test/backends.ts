import v8 from 'node:v8'
import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'
import { supportsRelaxedSimd } from '@lowbit/wasm-emit'
import type { SimdPath } from '../src/arithmetic.js'
import { registerTrainingKernels } from '../src/register-training-kernels.js'

// Node 20 has relaxed SIMD behind a flag, which must stand before the first module is compiled.
if (process.versions.node.startsWith('20.')) v8.setFlagsFromString('--experimental-wasm-relaxed-simd')

/** The paths of this engine. */
export const paths: readonly SimdPath[] = supportsRelaxedSimd() ? ['plain', 'relaxed'] : ['plain']

/** Values of tensors made on a backend; what the function leaves behind is disposed. */
export async function valuesOn(backend: 'cpu' | 'wasm', make: () => tf.Tensor | tf.Tensor[]): Promise<number[][]> {
  await tf.setBackend(backend)
  const made = tf.tidy(make)
  const tensors = Array.isArray(made) ? made : [made]
  const values = tensors.map((tensor) => Array.from(tensor.dataSync()))
  tf.dispose(tensors)
  return values
}

/** The same on the wasm backend with our kernels in place. */
export async function valuesWithKernels(path: SimdPath, make: () => tf.Tensor | tf.Tensor[]): Promise<number[][]> {
  await tf.setBackend('wasm')
  const kernels = registerTrainingKernels({ path })
  try {
    return await valuesOn('wasm', make)
  } finally {
    kernels.unregister()
  }
}

/** Pseudo-random numbers in 0..1 from a seed. */
export function random(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Small integers: sums of their products are exact in f32, in any order and however rounded. */
export function integers(size: number, seed: number, largest = 4): Float32Array {
  const next = random(seed)
  return Float32Array.from({ length: size }, () => Math.floor(next() * (2 * largest + 1)) - largest)
}

/** Floats in -1..1. */
export function floats(size: number, seed: number): Float32Array {
  const next = random(seed)
  return Float32Array.from({ length: size }, () => 2 * next() - 1)
}
