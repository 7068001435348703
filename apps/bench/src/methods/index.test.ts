import { readFile } from 'node:fs/promises'
import { cnn } from '@lowbit/models'
import { foldBatchNorm, quantizedLayers, quantizeModel } from '@lowbit/quantizers/tfjs'
import { totalSteps, validatePlan } from '@lowbit/schedulers'
import { describe, expect, it } from 'vitest'
import { runsOf } from '../experiment/grid.js'
import { PROFILES } from '../experiment/profile.js'
import type { RunResult } from '../experiment/run-result.js'
import { runName } from '../experiment/run-specification.js'
import { changedSettings, describeMethods, METHODS, methods, recipeOf } from './index.js'

describe('every method', () => {
  const float = foldBatchNorm(cnn('CNN6', { seed: 1 }))
  it.each(METHODS)('%s quantizes the whole network in the steps that it is given', async (name) => {
    const { plan, quantizer = 'straightThrough' } = recipeOf(name)
    const layers = quantizedLayers(quantizeModel(float, { bits: 2, quantizer, float: ['conv0', 'fc2'] }))
    const sensitivities = async () => layers.map((layer, i) => ({ name: layer.name, increase: -i }))
    const made = await plan(layers, { steps: 1001, groups: 4 }, { sensitivities })
    expect(totalSteps(validatePlan(made))).toBe(1001)
  })

  it('is called like no other, and is explained in one line', () => {
    expect(new Set(METHODS).size).toBe(methods.length)
    expect(describeMethods().split('\n')).toHaveLength(methods.length)
    for (const { description } of methods) expect(description.length).toBeLessThan(110)
  })
})

describe('settings', () => {
  it('stand in a run only where they are no defaults', () => {
    expect(changedSettings('distilled', {})).toBeUndefined()
    expect(
      changedSettings('distilled', { ...methods.find(({ name }) => name === 'distilled')!.settings }),
    ).toBeUndefined()
    expect(changedSettings('distilled', { temperature: 7 })).toEqual({ temperature: 7 })
  })

  it('change what a method does', async () => {
    const layers = [{ name: 'conv1', filters: 8, weightsPerFilter: 9 }]
    const stages = async (wholeShare: number) => {
      const { plan } = recipeOf('neuron', { wholeShare })
      const made = await plan(layers, { steps: 100, groups: 2 }, { sensitivities: expect.unreachable })
      return made.stages.map(({ steps }) => steps)
    }
    expect(await stages(0.5)).toEqual([25, 25, 50])
    expect(await stages(0.8)).toEqual([10, 10, 80])
  })

  it('that a method does not have are refused, as are methods that are not there', () => {
    expect(() => recipeOf('direct', { temperature: 2 })).toThrow('temperature is no setting of direct: expected none')
    expect(() => recipeOf('neuron', { temperature: 2 })).toThrow('of neuron: expected wholeShare')
    expect(() => recipeOf('magic')).toThrow('method magic: expected direct, layer, filter, neuron')
  })
})

it('calls runs as they have been called since the first results', async () => {
  const text = await readFile(new URL('../../../../results/cnn6.jsonl', import.meta.url), 'utf8')
  const results = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RunResult)
  for (const { run, specification } of results) expect(runName(specification)).toBe(run)
  const { data, network } = results.map(({ specification }) => specification).find((run) => run.kind === 'float')!
  const grid = { networks: [network], bits: [3], methods: METHODS.slice(0, 4), seeds: [1] }
  const made = runsOf({ ...grid, budget: 'total', perChannel: false, kernels: 'relaxed' }, PROFILES.table, {
    ...data,
    heldOutImages: 5000,
  })
  expect(made.map(runName)).toMatchInlineSnapshot(`
    [
      "7e1b43b9d724006e",
      "8fee0c5de9e7d1db",
      "ba61753d779c3fd4",
      "f81ae05f7192e62d",
      "a65f0050f8d667d5",
    ]
  `)
})
