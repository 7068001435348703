import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generated, holdOut, type Split } from '@lowbit/datasets'
import { describeQuantization } from '@lowbit/quantizers/tfjs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { floatRun, quantizedRun } from '../../test/example-runs.js'
import type { RunData } from './data.js'
import { executeRun } from './execute-run.js'
import { prepareQuantizedRun } from './quantized-run.js'
import { openRunFolder } from './run-folder.js'
import type { FloatRun, MethodName, QuantizedRun, RunSpecification } from './run-specification.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lowbit-execute-'))
})
afterEach(() => rm(folder, { recursive: true }))

const baseline: FloatRun = {
  ...floatRun,
  training: { ...floatRun.training, epochs: 1, batch: 30 },
  kernels: 'plain',
}
const quantized = (method: MethodName): QuantizedRun => ({
  ...quantizedRun,
  baseline,
  method,
  training: { ...quantizedRun.training, epochs: 2, batch: 30, groups: 1 },
})

const { train, test } = generated({ seed: 0, train: 120, test: 60 })
const [training, heldOut] = holdOut(train, { size: 30, seed: 1 })
const data: RunData = { training, heldOut, test }

const execute = (run: RunSpecification, store: string, open: () => RunData) =>
  executeRun(run, store, () => {}, { open, checkpointEvery: 3 })

/** The folder of a run that what it starts from was carried out in. */
async function storeFor(run: RunSpecification, name = 'runs'): Promise<string> {
  const store = join(folder, name)
  if (run.kind === 'quantized') await execute(run.baseline, store, () => data)
  return store
}

/** The data, telling whenever images or labels of one of its parts are asked for. */
function watched({ training, heldOut, test }: RunData, onRead: (part: keyof RunData) => void): RunData {
  const watch = (split: Split, part: keyof RunData) =>
    new Proxy(split, {
      get(target, name: keyof Split) {
        if (name !== 'size' && name !== 'shape') onRead(part)
        return target[name]
      },
    })
  return {
    training: watch(training, 'training'),
    heldOut: watch(heldOut, 'heldOut'),
    test: watch(test, 'test'),
  }
}

// Of the quantized ones, one that only trains, and one whose plan is made of what it measures on images.
const runs: [name: string, run: RunSpecification][] = [
  ['float', baseline],
  ['direct', quantized('direct')],
  ['neuron-by-sensitivity', quantized('neuron-by-sensitivity')],
]

describe.each(runs)('the test images of a %s run', (_, run) => {
  it('are looked at once, last of all, however often it is interrupted', async () => {
    const store = await storeFor(run)
    const reads: (keyof RunData)[] = []
    const interruptedAt = (look: number) => () => {
      let looks = 0
      return watched(data, (part) => {
        reads.push(part)
        if (part === 'heldOut' && ++looks === look) throw new Error('interrupted')
      })
    }
    await expect(execute(run, store, interruptedAt(3))).rejects.toThrow('interrupted')
    const result = await execute(run, store, interruptedAt(Number.POSITIVE_INFINITY))
    expect(reads.filter((part) => part === 'training').length).toBeGreaterThan(1)
    expect(reads.filter((part) => part === 'test')).toHaveLength(1)
    expect(reads.at(-1)).toBe('test')
    expect(await execute(run, store, expect.unreachable)).toEqual(result)
  })

  it('are looked at when the trained weights stand', async () => {
    const store = await storeFor(run)
    const { readWeights } = await openRunFolder(store, run)
    let weights: Promise<Uint8Array | undefined> | undefined
    const result = await execute(run, store, () =>
      watched(data, (part) => {
        if (part === 'test') weights ??= readWeights()
      }),
    )
    expect(
      createHash('sha256')
        .update((await weights)!)
        .digest('hex'),
    ).toBe(result.weights)
  })

  it('decide nothing but the accuracy on them', async () => {
    const withTest = async (name: string, test: Split) => {
      const result = await execute(run, await storeFor(run, name), () => ({ ...data, test }))
      const { accuracy, seconds: _, finished: __, ...rest } = result
      return { test: accuracy.test, rest: { ...rest, accuracy: { ...accuracy, test: 0 } } }
    }
    const [one, other] = [await withTest('one', test), await withTest('other', heldOut)]
    expect(other.rest).toEqual(one.rest)
    expect(other.test).toBe(one.rest.accuracy.heldOut)
  })
})

it('gives weights and activations the widths that the run says', async () => {
  const run = quantized('direct')
  const store = await storeFor(run)
  const levelsUnder = async (training: Partial<QuantizedRun['training']>) => {
    const { model } = await prepareQuantizedRun({ ...run, training: { ...run.training, ...training } }, data, store)
    const levels = describeQuantization(model).map(({ weightLevels, inputLevels }) => [weightLevels, inputLevels])
    model.dispose()
    return levels
  }
  expect(new Set((await levelsUnder({})).map(String))).toEqual(new Set(['8,8']))
  expect(new Set((await levelsUnder({ activationBits: 5 })).map(String))).toEqual(new Set(['8,32']))
})

it('gives a part of an epoch in whole steps, one at least', async () => {
  const run = quantized('layer')
  const store = await storeFor(run)
  const stepsUnder = async (training: Partial<QuantizedRun['training']>) => {
    const { model, plan } = await prepareQuantizedRun(
      { ...run, training: { ...run.training, budget: 'stage', ...training } },
      data,
      store,
    )
    model.dispose()
    return plan.stages.map(({ steps }) => steps)
  }
  const stages = (await stepsUnder({ epochs: 1 })).length
  // An epoch has three steps.
  expect(await stepsUnder({ epochs: 1.5 })).toEqual(Array(stages).fill(5))
  expect(await stepsUnder({ epochs: 0.01 })).toEqual(Array(stages).fill(1))
})
