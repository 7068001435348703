import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { encodeNetwork } from '../src/format/index.js'
import * as kernels from '../src/index.js'
import { syntheticCnn } from '../src/synthetic/index.js'

it('the example of the README runs', async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const example = /```ts\n(.*?)```/s.exec(readme)![1]!
  const body = example.replace(/import (\{.*?\}) from '@lowbit\/int-kernels'/, 'const $1 = kernels')
  const tables: (readonly kernels.LayerDescription[])[] = []
  const run = new Function('kernels', 'bytes', 'pixels', 'console', `return (async () => { ${body}\nreturn logits })()`)
  const bytes = encodeNetwork(syntheticCnn('CNN6', { bits: 3 }))
  const logits: Float32Array = await run(kernels, bytes, new Float32Array(2 * 32 * 32 * 3), {
    table: (rows: readonly kernels.LayerDescription[]) => tables.push(rows),
  })
  expect(logits.length).toBe(20)
  expect(tables[0]!.map(({ name }) => name)).toContain('classifier')
})
