import { readFile } from 'node:fs/promises'
import { cnn } from '@lowbit/models'
import { affine, minMax, mmse } from '@lowbit/quantizers'
import { foldBatchNorm, quantizedLayers, quantizeModel } from '@lowbit/quantizers/tfjs'
import { type Stage, totalSteps, validatePlan } from '@lowbit/schedulers'
import { describe, expect, it } from 'vitest'
import { runsOf } from '../experiment/grid.js'
import { PROFILES } from '../experiment/profile.js'
import type { RunResult } from '../experiment/run-result.js'
import { runName } from '../experiment/run-specification.js'
import {
  changedSettings,
  checkSettings,
  describeMethods,
  describeSettings,
  METHODS,
  methods,
  recipeOf,
} from './index.js'
import type { MethodSettings } from './settings.js'

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
    expect(changedSettings('distilled', { temperature: 2, weight: 0.5, optimizerState: 'fresh' })).toBeUndefined()
    expect(changedSettings('direct', { wholeShare: 0.25 })).toBeUndefined()
    expect(changedSettings('distilled', { temperature: 7 })).toEqual({ temperature: 7 })
  })

  const layers = ['conv1', 'conv2'].map((name) => ({ name, filters: 8, weightsPerFilter: 9 }))
  const sensitivities = async () => [
    { name: 'conv1', increase: 2 },
    { name: 'conv2', increase: 1 },
  ]
  const planOf = async (name: string, settings: MethodSettings) =>
    recipeOf(name, settings).plan(layers, { steps: 80, groups: 2 }, { sensitivities })

  it('change the plan of a method that walks through the network', async () => {
    const stages = async (settings: MethodSettings) => (await planOf('neuron', settings)).stages
    const [plain, firstLayer] = [await stages({}), (stage: Stage | undefined) => stage?.quantize[0]?.layer]
    expect(plain.map(({ steps }) => steps)).toEqual([10, 10, 10, 10, 40])
    expect((await stages({ wholeShare: 0.75 })).map(({ steps }) => steps)).toEqual([5, 5, 5, 5, 60])
    expect(firstLayer(plain[0])).toBe('conv1')
    expect(firstLayer((await stages({ order: 'backward' }))[0])).toBe('conv2')
    expect(firstLayer((await stages({ order: 'sensitivity' }))[0])).toBe('conv2')
    expect(await stages({ groupSize: 2 })).toHaveLength(9)
    expect((await stages({ estimateRanges: 'whole' })).at(-1)?.estimateRanges).toEqual(['conv1', 'conv2'])
    expect((await stages({ outputWithNeuron: 'yes' }))[1]?.quantize[1]).toMatchObject({ layer: 'conv2', input: true })
    const rates = { acrossFrom: 1, acrossTo: 0.25, withinTo: 0.5, wholeFrom: 0.3, wholeTo: 0.1 }
    expect((await stages(rates)).map(({ learningRate }) => learningRate)).toEqual([
      [1, 0.5],
      [0.75, 0.375],
      [0.5, 0.25],
      [0.25, 0.125],
      [0.3, 0.1],
    ])
  })

  it('say what share of the weights incremental quantizes in each stage', async () => {
    const fractions = async (settings: MethodSettings) =>
      (await planOf('incremental', settings)).stages.map(({ quantize }) => quantize[0]!.fraction)
    expect(await fractions({})).toEqual([0.5, 0.75, 0.875, 1])
    expect(await fractions({ fractions: [0.2, 1] })).toEqual([0.2, 1])
    expect(changedSettings('incremental', { fractions: [0.5, 0.75, 0.875, 1] })).toBeUndefined()
    expect(changedSettings('incremental', { fractions: [0.2, 1] })).toEqual({ fractions: [0.2, 1] })
    expect(changedSettings('incremental', { fractions: 1 })).toEqual({ fractions: [1] })
    await checkSettings(['incremental'], { fractions: 1 })
    for (const wrong of [[0.5, 0.25, 1], [0.5, 0.75], [0, 1], 0.5, [0.5, 2]]) {
      await expect(checkSettings(['incremental'], { fractions: wrong })).rejects.toThrow(
        /^incremental: fractions are \[.*\]; expected them to rise from > 0 to 1$/,
      )
    }
    await expect(checkSettings(['incremental'], { fractions: '0.5+one' })).rejects.toThrow(
      'fractions of incremental is 0.5+one: expected numbers such as 0.5+0.75+0.875+1',
    )
    await expect(checkSettings(['neuron'], { wholeShare: [0.5, 1] })).rejects.toThrow(
      'wholeShare of neuron is 0.5+1: expected a number',
    )
  })

  it('choose what finds ranges', () => {
    const estimatorOf = (settings: MethodSettings) =>
      recipeOf('direct', settings).training!(undefined as never).estimator
    expect(estimatorOf({})).toBe(mmse)
    expect(estimatorOf({ estimator: 'minMax' })).toBe(minMax)
    const values = Float32Array.from({ length: 10_000 }, (_, i) => i)
    const covered = (estimator: string) => estimatorOf({ estimator })!(values, affine({ bits: 8 })).scale * 255
    expect(covered('percentile99.9')).toBeCloseTo(9989, -1)
    expect(covered('percentile99.99')).toBeCloseTo(9998, -1)
    expect(changedSettings('direct', { estimator: 'mmse' })).toBeUndefined()
    expect(() => estimatorOf({ estimator: 'best' })).toThrow(
      'estimator of direct is best: expected mmse, mmseExhaustive',
    )
  })

  it.each(['layer', 'filter', 'incremental'])('give %s a last stretch and rates', async (name) => {
    const { stages } = await planOf(name, { wholeShare: 0.5, wholeTo: 0, acrossTo: 0.5 })
    expect(stages.at(-1)).toMatchObject({ train: 'all', steps: 40, learningRate: [1, 0] })
    expect(stages.at(-2)!.learningRate).toEqual([0.5, 0.5])
  })

  it.each(METHODS)('reach the training of %s, beside what it does itself', (name) => {
    const teacher = undefined as never
    const plain = recipeOf(name).training!(teacher)
    const changed = recipeOf(name, { weightDecay: 1e-4, labelSmoothing: 0.1, clipNorm: 2, optimizerState: 'kept' })
    const given = { weightDecay: 1e-4, labelSmoothing: 0.1, clipNorm: 2, optimizerState: 'kept' }
    expect(changed.training!(teacher)).toEqual({ ...plain, ...given })
    expect(plain).toMatchObject({ weightDecay: 0, labelSmoothing: 0, optimizerState: 'fresh' })
    expect(plain).not.toHaveProperty('clipNorm')
  })

  it('that a method does not have or cannot be are refused, as are methods that are not there', () => {
    expect(() => recipeOf('direct', { temperature: 2 })).toThrow('temperature is no setting of direct: expected weight')
    expect(() => recipeOf('neuron', { order: 'sideways' })).toThrow(
      'order of neuron is sideways: expected forward, backward, sensitivity',
    )
    expect(() => recipeOf('neuron', { wholeShare: 'half' })).toThrow('wholeShare of neuron is half: expected a number')
    expect(() => recipeOf('neuron', { constructor: 1 })).toThrow('constructor is no setting of neuron')
    expect(() => recipeOf('magic')).toThrow('method magic: expected direct, layer, filter, neuron')
  })

  it('are tried on a small plan, those of one method beside others that have none such', async () => {
    await checkSettings(['direct', 'neuron'], { wholeShare: 0.25 })
    await expect(checkSettings(['direct', 'lsq'], { wholeShare: 0.25 })).rejects.toThrow(
      'wholeShare is no setting of direct, lsq: expected weightDecay',
    )
    await expect(checkSettings(['neuron'], { wholeShare: 1 })).rejects.toThrow('wholeShare is 1; expected 0 <= share')
    await expect(checkSettings(['neuron'], { groupSize: 0.5 })).rejects.toMatchObject({ code: 'USAGE' })
    await expect(checkSettings(['direct'], { labelSmoothing: 1 })).rejects.toThrow('labelSmoothing is 1; expected 0')
    await expect(checkSettings(['distilled'], { temperature: 0 })).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('distillation.temperature is 0'),
    })
    await expect(checkSettings(['layer'], { estimateRanges: 'stage' })).rejects.toThrow('would move frozen weights')
  })
})

it('every setting stands in the help once, with the methods that have it', () => {
  const help = describeSettings()
  expect(help).toContain(
    'every method:\n    weightDecay=0, labelSmoothing=0, clipNorm=0, averaging=0, optimizerState=fresh|kept',
  )
  expect(help).toContain('estimator=mmse|mmseExhaustive|minMax|percentile99.9|percentile99.99')
  expect(help).toContain('fractions=0.5+0.75+0.875+1')
  expect(help.match(/order=forward\|backward\|sensitivity/g)).toHaveLength(1)
})

it('calls runs as they have been called since the first results', async () => {
  const text = await readFile(new URL('../../../../results/earlier/cnn6.jsonl', import.meta.url), 'utf8')
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
