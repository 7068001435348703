import { f32x4, i32x4, supportsRelaxedSimd, type V128 } from '@lowbit/wasm-emit'
import { engine } from '@tensorflow/tfjs'
import { TrainKernelsError } from './train-kernels-error.js'

/** How training kernels multiply and add: `relaxed` rounds a b + c once, `plain` rounds the product and then the sum. */
export type SimdPath = 'relaxed' | 'plain'

/** A path's own arithmetic for training, or two roundings on every path for inference, whose bits must not depend on it. */
export type Rounding = SimdPath | 'twice'

/** Whether what is computed is for training. */
export const isRecorded = (): boolean => engine().state.gradientDepth > 0

/** Of kernels by which layers compute both in training and in inference. */
export const roundingOf = (path: SimdPath): Rounding => (isRecorded() ? path : 'twice')

/** a b + c, lane by lane. */
export type MultiplyAdd = (a: V128, b: V128, c: V128) => V128

const roundTwice: MultiplyAdd = (a, b, c) => f32x4.add(f32x4.mul(a, b), c)

export const multiplyAddOf: Readonly<Record<Rounding, MultiplyAdd>> = {
  relaxed: (a, b, c) => f32x4.relaxedMadd(a, b, c),
  plain: roundTwice,
  twice: roundTwice,
}

/** Integers of at most 2^24 in f32 to 32-bit integers; the relaxed instruction is one where the other is five. */
export type Truncate = (values: V128) => V128

export const truncateOf: Readonly<Record<Rounding, Truncate>> = {
  relaxed: (values) => i32x4.relaxedTruncS(values),
  plain: (values) => i32x4.truncSatS(values),
  twice: (values) => i32x4.truncSatS(values),
}

/** The path asked for, or the fastest that the engine has. */
export function simdPath(asked?: SimdPath): SimdPath {
  const fastest = supportsRelaxedSimd() ? 'relaxed' : 'plain'
  if (asked === undefined || asked === 'plain' || asked === fastest) return asked ?? fastest
  throw new TrainKernelsError(
    'ARGUMENT',
    asked === 'relaxed'
      ? 'registerTrainingKernels: got path relaxed, but this engine has no relaxed SIMD; expected plain'
      : `registerTrainingKernels: got path ${String(asked)}, expected relaxed or plain`,
  )
}
