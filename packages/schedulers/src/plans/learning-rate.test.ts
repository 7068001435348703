import { describe, expect, it } from 'vitest'
import { floatTraining } from './float-training.js'
import { learningRateAt, positionOf } from './learning-rate.js'
import type { Plan } from './plan.js'

const stage = (steps: number, learningRate: [number, number]) => ({
  name: `${steps}`,
  quantize: [],
  train: 'all' as const,
  steps,
  learningRate,
})
const plan: Plan = { method: 'own', layers: [], stages: [stage(3, [1, 0.5]), stage(0, [1, 1]), stage(1, [0.2, 0])] }
const rates = (of: Plan, steps: number, decay: Parameters<typeof learningRateAt>[3]) =>
  Array.from({ length: steps }, (_, step) => learningRateAt(of, step, 2, decay))

describe('positionOf', () => {
  it('finds the stage of a step and passes over empty stages', () => {
    expect([0, 2, 3].map((step) => positionOf(plan, step))).toEqual([
      { stage: 0, stageStep: 0 },
      { stage: 0, stageStep: 2 },
      { stage: 2, stageStep: 0 },
    ])
    expect(() => positionOf(plan, 4)).toThrow('step is 4; expected below 4')
  })
})

describe('learningRateAt', () => {
  it('multiplies the base rate by the line within the stage', () => {
    expect(rates(plan, 4, { kind: 'constant' })).toEqual([2, 1.5, 1, 0.4])
  })

  it('falls along half a cosine or a line to the end value at the last step', () => {
    const float = floatTraining({ steps: 5 })
    const half = Math.SQRT1_2 / 2
    const cosine = rates(float, 5, { kind: 'cosine', to: 0 }).map((rate) => rate / 2)
    for (const [i, value] of [1, 0.5 + half, 0.5, 0.5 - half, 0].entries()) expect(cosine[i]).toBeCloseTo(value, 12)
    expect(rates(float, 5, { kind: 'linear', to: 0.5 })).toEqual([2, 1.75, 1.5, 1.25, 1])
  })

  it('falls by a factor every so many steps, across stages', () => {
    expect(rates(floatTraining({ steps: 5 }), 5, { kind: 'step', every: 2, factor: 0.5 })).toEqual([2, 2, 1, 1, 0.5])
  })
})
