import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import * as datasets from '../src/index.js'

it('the example of the README prints what it says', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const example = /```ts\n(.*?)```/s.exec(readme)![1]!
  const printed: string[] = []
  const print = (...values: unknown[]) => printed.push(values.join(' '))
  const body = example.replace(/import (\{.*?\}) from '@lowbit\/datasets'/, 'const $1 = datasets')
  new Function('datasets', 'console', body)(datasets, { log: print })
  const comments = [...example.matchAll(/console\.log\(.*\) \/\/ (.*)/g)].flatMap(([, comment]) =>
    comment!.split(', then '),
  )
  expect(printed).toEqual(comments)
  expect(printed).toHaveLength(3)
})

it('the README speaks of every function', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  for (const name of Object.keys(datasets)) expect(readme).toContain(name)
})
