import { readFileSync } from 'node:fs'
import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import * as trainKernels from '../src/index.js'
import { paths } from './backends.js'

it('the example of the README trains', async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const example = /```ts\n(.*?)```/s.exec(readme)![1]!
  const body = example
    .replace(/import \* as tf .*\n/, '')
    .replace(/import '@tensorflow.*\n/, '')
    .replace(/import (\{.*?\}) from '@lowbit\/train-kernels'/, 'const $1 = trainKernels')
  const run = new Function('tf', 'trainKernels', `return (async () => {${body}; return { path, model } })()`)
  const { path, model } = await run(tf, trainKernels)
  expect(path).toBe(paths.at(-1))
  expect(model.optimizer.iterations).toBe(1)
})
