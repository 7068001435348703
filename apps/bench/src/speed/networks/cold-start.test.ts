import { encodeNetwork } from '@lowbit/int-kernels/format'
import { syntheticCnn } from '@lowbit/int-kernels/synthetic'
import { expect, it } from 'vitest'
import { coldStart } from './cold-start.js'

it('takes as long as a new process does, which has to compile first', async () => {
  const file = encodeNetwork(syntheticCnn('CNN6', { bits: 4 }))
  const ms = await coldStart(file, new Float32Array(32 * 32 * 3).fill(0.5))
  // Faster than any compiler; slower than a person would wait.
  expect(ms).toBeGreaterThan(0.5)
  expect(ms).toBeLessThan(10_000)
})

it('does not time what fails', async () => {
  await expect(coldStart(new Uint8Array(8), new Float32Array(3))).rejects.toThrow(/cold-process/)
})
