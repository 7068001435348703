import { describe, expect, it } from 'vitest'
import type { Change, Plan, Stage } from './plan.js'
import { validatePlan } from './validate-plan.js'

const layers = [
  { name: 'conv1', filters: 4, weightsPerFilter: 9 },
  { name: 'conv2', filters: 2, weightsPerFilter: 36 },
]
const change = (layer: string, from: number, to: number, input = false, fraction?: number): Change => ({
  layer,
  filters: [from, to],
  input,
  ...(fraction === undefined ? {} : { fraction }),
})
const stage = (name: string, quantize: Change[], more: Partial<Stage> = {}): Stage => ({
  name,
  quantize,
  train: 'all',
  steps: 10,
  learningRate: [1, 1],
  ...more,
})
const plan = (...stages: Stage[]): Plan => ({ method: 'own', layers, stages })
const both = stage('both', [change('conv1', 0, 4, true), change('conv2', 0, 2, true)])

describe('validatePlan', () => {
  it('gives a good plan back', () => {
    const good = plan(
      stage('a', [change('conv1', 0, 3, true)]),
      stage('b', [change('conv1', 3, 4), change('conv2', 0, 0, true)], { train: 'rest' }),
      stage('c', [change('conv2', 0, 2, false, 0.5)], { steps: 0 }),
      stage('d', [change('conv2', 0, 2, false, 1)], { estimateRanges: ['conv1'] }),
    )
    expect(validatePlan(good)).toBe(good)
  })

  const bad: [string, Plan, string][] = [
    [
      'a filter left float',
      plan(stage('a', [change('conv1', 0, 4, true)])),
      'layer conv2: no stage quantizes its input',
    ],
    [
      'some filters left float',
      plan(stage('a', [change('conv1', 0, 4, true), change('conv2', 0, 1, true)])),
      'layer conv2: all stages together quantize 1 of 2 filters; expected all',
    ],
    [
      'a filter twice',
      plan(both, stage('again', [change('conv1', 1, 2)])),
      'stage 2 (again), layer conv1: filter 1 is quantized a second time; expected once',
    ],
    [
      'an input twice',
      plan(both, stage('again', [change('conv1', 0, 0, true)])),
      'stage 2 (again), layer conv1: its input is quantized a second time; expected once',
    ],
    [
      'filters before their input',
      plan(stage('a', [change('conv1', 0, 4)])),
      'stage 1 (a), layer conv1: filters are quantized before its input; expected the input first',
    ],
    [
      'filters that are not there',
      plan(stage('a', [change('conv1', 0, 5, true)])),
      'stage 1 (a), layer conv1: filters are [0, 5); expected a range within [0, 4)',
    ],
    [
      'a stranger',
      plan(stage('a', [change('conv9', 0, 1, true)])),
      'stage 1 (a) quantizes conv9; expected one of conv1',
    ],
    [
      'a fraction that falls',
      plan(both, stage('b', [change('conv2', 0, 2, false, 0.5)])),
      'stage 2 (b), layer conv2: fractions of filters after whole ones',
    ],
    [
      'fractions that do not end at 1',
      plan(stage('a', [change('conv1', 0, 4, true), change('conv2', 0, 2, true, 0.5)])),
      'layer conv2: all stages together quantize fraction 0.5 of its weights; expected all',
    ],
    ['half a step', plan({ ...both, steps: 0.5 }), 'stage 1 (both): steps is 0.5; expected a whole number >= 0'],
    ['a negative rate', plan({ ...both, learningRate: [1, -1] }), 'stage 1 (both): learningRate is [1,-1]'],
    [
      'ranges of what is not quantized yet',
      plan({ ...both, estimateRanges: ['conv1'] }),
      'stage 1 (both): estimates the ranges of conv1 anew; expected a layer quantized before',
    ],
    [
      'ranges of what is frozen',
      plan(both, stage('b', [], { train: 'rest', estimateRanges: ['conv1'] })),
      'stage 2 (b): estimating the ranges of conv1 anew moves its frozen weights',
    ],
    ['a layer twice', { ...plan(both), layers: [...layers, layers[0]!] }, 'layer conv1 is listed twice'],
  ]
  it.each(bad)('refuses %s, naming stage and layer', (_, broken, message) => {
    expect(() => validatePlan(broken)).toThrow(expect.objectContaining({ code: 'PLAN' }))
    expect(() => validatePlan(broken)).toThrow(message)
  })
})
