import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import * as quantizers from '../src/index.js'
import { distributions, generator } from './distributions.js'

it('the example of the README does what it says', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const example = /```ts\n(.*?)```/s.exec(readme)![1]!
  const body = example.replace(/import (\{.*?\}) from '@lowbit\/quantizers'/, 'const $1 = quantizers')
  const random = generator(1)
  const weights = Float32Array.from({ length: 1000 }, (_, i) => (i === 7 ? 0 : distributions.gaussian!(random)))
  const { range, codes, bytes, close } = new Function(
    'quantizers',
    'weights',
    `${body}; return { range, codes, bytes, close }`,
  )(quantizers, weights)
  expect(JSON.parse(JSON.stringify(range))).toEqual({ scale: expect.any(Number), zeroPoint: 4, levels: 8 })
  expect(codes).toBeInstanceOf(Uint8Array)
  expect([...new Set(codes)].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  expect(bytes.length).toBe(375)
  expect(close).toBeInstanceOf(Float32Array)
  expect(close[7]).toBe(0)
})
