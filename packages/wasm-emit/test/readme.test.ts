import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import * as emit from '../src/index.js'

it('the example of the README prints what it says', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const example = /```ts\n(.*?)```/s.exec(readme)![1]!
  const printed: string[] = []
  const print = (...values: unknown[]) => printed.push(values.join(' '))
  const body = example.replace(/import (\{.*?\}) from '@lowbit\/wasm-emit'/, 'const $1 = emit')
  new Function('emit', 'console', body)(emit, { log: print })
  expect(printed).toEqual([...example.matchAll(/console\.log\(.*\) \/\/ (.*)/g)].map(([, comment]) => comment))
  expect(printed).toHaveLength(1)
})
