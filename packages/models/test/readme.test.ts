import { readFileSync } from 'node:fs'
import * as intKernels from '@lowbit/int-kernels'
import * as quantizers from '@lowbit/quantizers/tfjs'
import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import * as models from '../src/index.js'

const modules: Record<string, unknown> = {
  '@lowbit/int-kernels': intKernels,
  '@lowbit/models': models,
  '@lowbit/quantizers/tfjs': quantizers,
  '@tensorflow/tfjs': tf,
}

it('the example of the README prints what it says', async () => {
  await tf.setBackend('cpu')
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const example = /```ts\n(.*?)```/s.exec(readme)![1]!
  const body = example.replace(
    /^import (?:\* as (\w+)|(\{.*?\})) from '(.*)'$/gm,
    (_, all, some, name) => `const ${all ?? some} = modules[${JSON.stringify(name)}]`,
  )
  const printed: string[] = []
  const AsyncFunction = (async () => {}).constructor as FunctionConstructor
  await new AsyncFunction('modules', 'console', body)(modules, {
    log: (...values: unknown[]) => printed.push(values.join(' ')),
  })
  expect(printed).toEqual([/\/\/ (conv1 .*)/.exec(example)![1]])
})
