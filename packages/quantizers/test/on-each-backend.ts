import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'
import { beforeAll, describe } from 'vitest'

/** Declares the same tests for the cpu backend and for wasm with its stock kernels. */
export function onEachBackend(declare: (backend: 'cpu' | 'wasm') => void): void {
  describe.each(['cpu', 'wasm'] as const)('on %s', (backend) => {
    beforeAll(async () => {
      await tf.setBackend(backend)
    })
    declare(backend)
  })
}
