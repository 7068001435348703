import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatPlan, type LayerShape, planHash, type Schedule, totalSteps, validatePlan } from '../src/plans/index.js'

/** Layers as networks have them: one to a dozen, of one to a few hundred filters. */
const layerLists: fc.Arbitrary<LayerShape[]> = fc
  .array(
    fc.record({ filters: fc.integer({ min: 1, max: 300 }), weightsPerFilter: fc.integer({ min: 1, max: 5000 }) }),
    {
      minLength: 1,
      maxLength: 12,
    },
  )
  .map((shapes) => shapes.map((shape, i) => ({ name: `conv${i}`, ...shape })))

/** What every schedule promises, whatever the network and the budget. One line makes a new schedule keep it. */
export function conformsToSchedules(name: string, schedule: Schedule): void {
  const budgets = fc.record({ steps: fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 1e6 })) })
  const forAll = (law: (layers: LayerShape[], options: { steps: number }) => void) =>
    fc.assert(fc.property(layerLists, budgets, law), { numRuns: 60 })

  describe(`schedule ${name}`, () => {
    it('quantizes every filter exactly once, each input before its filters', () =>
      forAll((layers, options) => {
        const plan = validatePlan(schedule(layers, options))
        expect(plan.layers).toEqual(layers)
      }))

    it('spends the budget of steps exactly', () =>
      forAll((layers, options) => {
        expect(totalSteps(schedule(layers, options))).toBe(options.steps)
      }))

    it('is a pure function of its arguments', () =>
      forAll((layers, options) => {
        const before = structuredClone(layers)
        const plan = schedule(layers, options)
        expect(layers).toEqual(before)
        expect(schedule(layers, options)).toEqual(plan)
      }))

    it('is plain data that JSON does not change', () =>
      forAll((layers, options) => {
        const plan = schedule(layers, options)
        const copy = JSON.parse(JSON.stringify(plan))
        expect(copy).toEqual(plan)
        expect(planHash(copy)).toBe(planHash(plan))
      }))

    it('names its stages apart and prints one line for each', () =>
      forAll((layers, options) => {
        const plan = schedule(layers, options)
        expect(new Set(plan.stages.map((stage) => stage.name)).size).toBe(plan.stages.length)
        expect(formatPlan(plan).split('\n')).toHaveLength(plan.stages.length + 2)
      }))

    it('refuses a budget that is no number of steps, and a network without layers', () => {
      const layers = [{ name: 'conv0', filters: 4, weightsPerFilter: 9 }]
      for (const steps of [-1, 1.5, Number.NaN]) {
        expect(() => schedule(layers, { steps })).toThrow(expect.objectContaining({ code: 'OPTION' }))
      }
      expect(() => schedule([], { steps: 10 })).toThrow(expect.objectContaining({ code: 'OPTION' }))
    })
  })
}
