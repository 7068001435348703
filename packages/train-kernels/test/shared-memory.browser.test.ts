import * as tf from '@tensorflow/tfjs'
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import binary from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url'
import simdBinary from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'
import threadedBinary from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url'
import { expect, it } from 'vitest'
import { adam } from '../src/optimizers/adam.js'
import { registerTrainingKernels } from '../src/register-training-kernels.js'
import { memoryOf, wasmBackend } from '../src/tfjs/wasm-backend.js'

it('trains on the shared memory of a cross-origin isolated page, also after it has grown', async () => {
  const [name, simd, threaded] = ['', '-simd', '-threaded-simd'].map((build) => `tfjs-backend-wasm${build}.wasm`)
  setWasmPaths({ [name!]: binary, [simd!]: simdBinary, [threaded!]: threadedBinary })
  setThreadsCount(2)
  await tf.setBackend('wasm')
  expect(memoryOf(wasmBackend(tf.backend())).buffer).toBeInstanceOf(SharedArrayBuffer)
  registerTrainingKernels()
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [12, 12, 4], filters: 16, kernelSize: 3, padding: 'same' }),
      tf.layers.batchNormalization(),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.reLU(),
      tf.layers.flatten(),
      tf.layers.dense({ units: 3 }),
    ],
  })
  model.compile({ optimizer: adam({ learningRate: 0.01 }), loss: 'meanSquaredError' })
  const x = tf.randomNormal([64, 12, 12, 4], 0, 1, 'float32', 1)
  const y = tf.randomNormal([64, 3], 0, 1, 'float32', 2)
  const lossAfter = async (epochs: number) => {
    const { history } = await model.fit(x, y, { epochs, verbose: 0 })
    return Number(history.loss!.at(-1))
  }
  const first = await lossAfter(1)
  const later = await lossAfter(15)
  expect(later).toBeLessThan(first)
  tf.zeros([1 << 24]).dispose()
  expect(await lossAfter(5)).toBeLessThan(later)
})
