import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import { networkWorks } from './network-works.js'

it('leaves no tensors behind', async () => {
  const work = networkWorks({ threads: 1 }).find(({ name }) => name === 'CNN6-batch-1')!
  await tf.setBackend('wasm')
  const before = tf.memory().numTensors
  const { close } = await work.open()
  expect(tf.memory().numTensors).toBeGreaterThan(before)
  await close()
  expect(tf.memory().numTensors).toBe(before)
})
