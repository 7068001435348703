import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'
import { versionOf } from '../../version-of.js'
import type { Peer } from '../speed-work.js'
import { timed } from '../stopwatch.js'

/** A work in f32 on tfjs's own wasm kernels. `prepare` makes its operands; tfjs keeps the tensors that it is told to. */
export function tfjsPeer(prepare: () => () => tf.Tensor): Peer {
  return {
    name: 'tfjs-wasm-f32',
    async open() {
      await tf.setBackend('wasm')
      tf.engine().startScope()
      const run = prepare()
      return {
        version: versionOf('@tensorflow/tfjs'),
        ...timed('tfjs', () => {
          const result = run()
          result.dataSync()
          // No tidy around it: given an array, it looks for tensors at each of its elements.
          result.dispose()
        }),
        close: async () => tf.engine().endScope(),
      }
    },
  }
}
