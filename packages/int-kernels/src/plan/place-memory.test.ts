import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { randomNetwork } from '../../test/random-network.js'
import { plainEngine } from '../engine.js'
import { syntheticCnn } from '../synthetic/synthetic-cnn.js'
import { placeMemory } from './place-memory.js'
import type { Plan } from './plan.js'
import { planNetwork } from './plan-network.js'
import { splitPlan } from './split-plan.js'

/** Names of the buffers that are needed at each call: written before or read after. */
function needed({ phases, input, output }: Plan): string[][] {
  const uses = phases.map((calls) =>
    calls
      .flatMap((call) => Object.values(call.arguments))
      .flatMap((address) => (address !== 'unused' && 'buffer' in address ? [address.buffer] : [])),
  )
  return phases.map((_, i) => {
    const before = new Set([input.buffer, ...uses.slice(0, i + 1).flat()])
    const after = new Set([output.buffer, ...uses.slice(i).flat()])
    return [...before].filter((name) => after.has(name))
  })
}

describe('placeMemory', () => {
  it('never lets two things that are needed at one time overlap', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.integer({ min: 1, max: 3 }), (seed, threads) => {
        const plan = splitPlan(planNetwork(randomNetwork(seed), plainEngine), threads)
        const { constants, buffers, bytes } = placeMemory(plan)
        const fixed = plan.constants.map(({ length }, i) => [constants[i]!, constants[i]! + length] as const)
        for (const names of needed(plan)) {
          const places = names.map(
            (name) => [buffers.get(name)!, buffers.get(name)! + plan.buffers.get(name)!.bytes] as const,
          )
          const all = [...fixed, ...places].sort(([a], [b]) => a - b)
          all.forEach(([from, to], i) => {
            expect(from % 64).toBe(0)
            expect(to).toBeLessThanOrEqual(all[i + 1]?.[0] ?? bytes)
          })
        }
      }),
    )
  })

  it('gives layers that do not live together the same memory', () => {
    const plan = planNetwork(syntheticCnn('CNN10', { bits: 4 }), plainEngine)
    const { bytes } = placeMemory(plan)
    const apart = [
      ...plan.constants.map(({ length }) => length),
      ...[...plan.buffers.values()].map(({ bytes }) => bytes),
    ]
    const constants = plan.constants.reduce((sum, { length }) => sum + length, 0)
    const everything = apart.reduce((sum, length) => sum + length, 0)
    expect(bytes - constants).toBeLessThan((everything - constants) / 2)
  })

  it('refuses networks that need more than 1 GiB', () => {
    const huge: Plan = {
      ...planNetwork(randomNetwork(1), plainEngine),
      constants: [{ length: 2 ** 30 } as Uint8Array],
    }
    expect(() => placeMemory(huge)).toThrow(/1073/)
  })
})
