import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'rolldown'
import { expect, it } from 'vitest'

/** Bytes of what a page would load: everything in one file, minified, gzipped. */
async function shippedBytes(entry: string): Promise<number> {
  const { output } = await build({
    input: fileURLToPath(new URL(entry, import.meta.url)),
    platform: 'browser',
    resolve: { conditionNames: ['lowbit-source'] },
    output: { format: 'esm', minify: true },
    write: false,
  })
  return gzipSync(output[0].code, { level: 9 }).length
}

it('ships as at most 30,000 bytes', async () => {
  const bytes = await shippedBytes('../src/index.ts')
  expect(bytes).toBeGreaterThan(20_000)
  expect(bytes).toBeLessThanOrEqual(30_000)
})
