import { quantizedLayers } from '@lowbit/quantizers/tfjs'
import { readSafetensors } from '@lowbit/safetensors'
import * as tf from '@tensorflow/tfjs'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { collect } from '../../test/collect.js'
import { quantizableToy, toyBatches, toyNetwork, weightBits } from '../../test/toy-problem.js'
import {
  direct,
  filterByFilter,
  floatTraining,
  incremental,
  neuronByNeuron,
  type Plan,
  type Schedule,
} from '../plans/index.js'
import { readLayerStates } from './layer-states.js'
import { train } from './train.js'
import type { TrainingEvent } from './training-event.js'
import type { TrainingOptions } from './training-options.js'

const batches = toyBatches()
const steps = 17
const calibration = { count: 16 }

beforeAll(() => tf.setBackend('cpu'))

type Toy = Parameters<typeof quantizableToy>[0]

interface Outcome {
  readonly bits: Record<string, Uint32Array>
  readonly ranges: string
  /** As JSON lines, without what a checkpoint holds. */
  readonly events: string[]
}

async function carryOut(plan: Plan, options: TrainingOptions, toy: Toy, killAt = steps): Promise<Outcome> {
  let model = quantizableToy(toy)
  let events: TrainingEvent[] = []
  let last: Extract<TrainingEvent, { type: 'checkpoint' }> | null = null
  for await (const event of train(model, plan, batches, options)) {
    if (event.type === 'checkpoint') last = event
    events.push(event)
    if (event.step === killAt && killAt < steps) break
  }
  if (killAt < steps) {
    // What came after the checkpoint is lost; a new process makes the model anew.
    events = last === null ? [] : events.slice(0, events.indexOf(last) + 1)
    model = quantizableToy(toy)
    const resume = last === null ? {} : { resume: last.bytes }
    for await (const event of train(model, plan, batches, { ...options, ...resume })) events.push(event)
  }
  const lines = events
    .filter((event) => event.type !== 'resumed')
    .map((event) => JSON.stringify(event.type === 'checkpoint' ? { ...event, bytes: event.bytes.length } : event))
  return { bits: weightBits(model), ranges: readLayerStates(model), events: lines }
}

describe('resume', () => {
  const cases: Record<string, { schedule: Schedule; options?: Partial<TrainingOptions>; toy?: Toy }> = {
    'neuron by neuron with Adam': { schedule: (layers, o) => neuronByNeuron(layers, { ...o, groups: 2 }) },
    'neuron by neuron, ranges anew, moments that live on, weight decay': {
      schedule: (layers, o) => neuronByNeuron(layers, { ...o, groups: 2, estimateRanges: 'stage' }),
      options: { optimizerState: 'kept', weightDecay: 0.01 },
    },
    'filter by filter per channel with momentum': {
      schedule: (layers, o) => filterByFilter(layers, { ...o, groups: 2 }),
      options: { optimizer: (rate) => tf.train.momentum(rate, 0.9), optimizerState: 'kept' },
      toy: { perChannel: true },
    },
    'incremental with distillation': {
      schedule: incremental,
      options: { distillation: { teacher: toyNetwork({ seed: 5 }), temperature: 2 } },
    },
    'neuron by neuron with learned steps at a rate of their own': {
      schedule: (layers, o) => neuronByNeuron(layers, { ...o, groups: 2 }),
      options: { stepRate: 0.1 },
      toy: { bits: 2, quantizer: 'lsq' },
    },
    'direct, dampened and moving smoothly to learned steps': {
      schedule: direct,
      options: { dampening: { weight: 0.5 }, smoothing: { share: 0.7 } },
      toy: { bits: 2, quantizer: 'lsq', perChannel: true },
    },
    'filter by filter, averaged': {
      schedule: (layers, o) => filterByFilter(layers, { ...o, groups: 2, wholeShare: 0.5 }),
      options: { averaging: { decay: 0.8 } },
    },
    'neuron by neuron, ranges anew, freezing weights that oscillate': {
      schedule: (layers, o) => neuronByNeuron(layers, { ...o, groups: 2, estimateRanges: 'whole' }),
      options: { freezing: { threshold: [0.3, 0.05], momentum: 0.2 } },
      toy: { bits: 2 },
    },
  }

  it.each(Object.keys(cases))('after a kill at any step ends in the same bits and events: %s', async (name) => {
    const { schedule, options: more = {}, toy = {} } = cases[name]!
    const plan = schedule(quantizedLayers(quantizableToy(toy)), { steps })
    const options = { learningRate: 0.02, reportEvery: 1, checkpointEvery: 2, calibration, ...more }
    const whole = await carryOut(plan, options, toy)
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: steps - 1 }), async (killAt) => {
        expect(await carryOut(plan, options, toy, killAt)).toEqual(whole)
      }),
      { numRuns: 4 },
    )
  })

  it('goes on from every checkpoint of a run', async () => {
    const plan = neuronByNeuron(quantizedLayers(quantizableToy()), { steps, groups: 2 })
    const options = { learningRate: 0.02, checkpointEvery: 1, calibration }
    const model = quantizableToy()
    const checkpoints = (await collect(train(model, plan, batches, options))).filter(
      (event) => event.type === 'checkpoint',
    )
    expect(checkpoints).toHaveLength(steps)
    for (const { bytes, step } of checkpoints) {
      const copy = quantizableToy()
      const events = await collect(train(copy, plan, batches, { ...options, resume: bytes }))
      expect(events[0]).toMatchObject({ type: 'resumed', step })
      expect(weightBits(copy)).toEqual(weightBits(model))
    }
  })
})

it('a checkpoint is a safetensors file that names its weights', async () => {
  const options = { learningRate: 0.01, checkpointEvery: 1 }
  const events = await collect(train(toyNetwork(), floatTraining({ steps: 1 }), batches, options))
  const { bytes } = events.find((event) => event.type === 'checkpoint')!
  const { tensors, metadata } = readSafetensors(bytes)
  expect([...tensors.keys()]).toContain('weights/conv1/kernel')
  expect(metadata).toMatchObject({ format: 'lowbit-checkpoint/2', method: 'float', optimizer: 'Adam' })
  expect(JSON.parse(metadata.slots!)).toContain('conv1/kernel/m')
})
