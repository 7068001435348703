import { readFileSync } from 'node:fs'
import * as tf from '@tensorflow/tfjs'
import { expect, it, vi } from 'vitest'
import * as quantizers from '../src/tfjs/index.js'

it('the example of the README for tfjs does what it says', async () => {
  await tf.setBackend('cpu')
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const example = /## With tfjs.*?```ts\n(.*?)```/s.exec(readme)![1]!
  const body = example.replace(/import (\{.*?\}) from '@lowbit\/quantizers\/tfjs'/, 'const $1 = quantizers')
  const conv = (name: string) => tf.layers.conv2d({ name, filters: 4, kernelSize: 3, useBias: false })
  const floatModel = tf.sequential({
    layers: [
      tf.layers.inputLayer({ inputShape: [8, 8, 1] }),
      conv('stem'),
      tf.layers.batchNormalization({ name: 'norm' }),
      tf.layers.reLU({ name: 'relu' }),
      conv('conv'),
      tf.layers.flatten({ name: 'flatten' }),
      tf.layers.dense({ name: 'classifier', units: 2, activation: 'softmax' }),
    ],
  })
  const images = tf.randomUniform([40, 8, 8, 1], 0, 1, 'float32', 1)
  const labels = tf.oneHot(tf.cast(tf.greater(tf.mean(images, [1, 2, 3]), 0.5), 'int32'), 2)
  const table = vi.spyOn(console, 'table').mockImplementation(() => {})
  const AsyncFunction = (async () => {}).constructor as FunctionConstructor
  const run = new AsyncFunction('quantizers', 'floatModel', 'images', 'labels', `${body}; return model`)
  const model: tf.LayersModel = await run(quantizers, floatModel, images, labels)
  expect(table.mock.calls[0]![0]).toMatchObject([
    { name: 'conv', filters: 4, weightsPerFilter: 36, inputLevels: 16, weightLevels: 16, quantizedWeights: 144 },
  ])
  expect(model.layers.map((layer) => layer.name)).not.toContain('norm')
  expect(model.history.history.loss).toHaveLength(1)
  table.mockRestore()
})
