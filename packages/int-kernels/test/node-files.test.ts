import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { encodeNetwork } from '../src/format/index.js'
import { IntegerNetwork } from '../src/index.js'
import { syntheticCnn } from '../src/synthetic/index.js'

const script = `
import { IntegerNetwork, IntegerNetworkError } from '@lowbit/int-kernels'
import { IntegerNetworkError as SameError, encodeNetwork } from '@lowbit/int-kernels/format'
import { runReference } from '@lowbit/int-kernels/reference'
import { syntheticCnn } from '@lowbit/int-kernels/synthetic'

const bytes = encodeNetwork(syntheticCnn('CNN6', { bits: 3 }))
const image = new Float32Array(32 * 32 * 3).fill(0.5)
const logits = []
for (const threads of [1, 2]) {
  const network = await IntegerNetwork.load(bytes, { threads })
  logits.push([...network.run(image)])
  network.close()
}
console.log(JSON.stringify({
  file: import.meta.resolve('@lowbit/int-kernels'),
  emitter: import.meta.resolve('@lowbit/wasm-emit'),
  sameError: IntegerNetworkError === SameError,
  reference: typeof runReference,
  logits,
}))`

it('gives Node a build of its own, which computes the same', async () => {
  const found = JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      encoding: 'utf8',
    }),
  )
  expect(found.file).toMatch(/\/dist\/node\/index\.js$/)
  expect(found.emitter).toMatch(/\/dist\/node\/index\.js$/)
  expect(found.sameError).toBe(true)
  expect(found.reference).toBe('function')
  const network = await IntegerNetwork.load(encodeNetwork(syntheticCnn('CNN6', { bits: 3 })))
  const logits = [...network.run(new Float32Array(32 * 32 * 3).fill(0.5))]
  expect(found.logits).toEqual([logits, logits])
})

it('gives who only reads and writes files no kernels', () => {
  expect(packagesOf(new URL('../dist/node/index.js', import.meta.url))).toContain('@lowbit/wasm-emit')
  expect(packagesOf(new URL('../dist/node/format/index.js', import.meta.url))).toEqual(['@lowbit/safetensors'])
})

/** What a file of the build imports of other packages, itself or through files beside it. */
function packagesOf(file: URL): string[] {
  return [...readFileSync(file, 'utf8').matchAll(/^(?:import|export) .* from "(.+)";$/gm)].flatMap(([, source]) =>
    source!.startsWith('.') ? packagesOf(new URL(source!, file)) : [source!],
  )
}
