import { expect, it } from 'vitest'
import { arithmeticLimit, LIMIT_FLOPS } from './arithmetic-limit.js'

it('computes at a rate that a processor can have', async () => {
  const limit = arithmeticLimit()
  const times = []
  for (let i = 0; i < 10; i++) times.push(await limit.measure())
  const gflops = LIMIT_FLOPS / Math.min(...times) / 1e6
  // Two fused multiply-adds of four lanes a cycle at 8 GHz; and slower than a loop of single multiplications never.
  expect(gflops).toBeLessThan(128)
  expect(gflops).toBeGreaterThan(0.5)
})
