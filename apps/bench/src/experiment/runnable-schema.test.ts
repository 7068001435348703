import { expect, it } from 'vitest'
import { floatRun, quantizedRun } from '../../test/example-runs.js'
import { misfitOf } from './misfit.js'
import { runnableSchema } from './runnable-schema.js'
import { specificationSchema } from './specification-schema.js'

const { training } = floatRun

it('takes what this version can carry out', () => {
  for (const run of [floatRun, quantizedRun]) expect(misfitOf(run, runnableSchema)).toBeUndefined()
})

it.each([
  [{ ...floatRun, network: 'CNN5' }, /network is "CNN5", not CNN6 or/],
  [{ ...floatRun, training: { ...training, decay: 'linear' } }, /decay is "linear", not quarters or cosine/],
  [{ ...floatRun, training: { ...training, augmentation: 'mixup' } }, /augmentation is "mixup", not none or/],
  [{ ...quantizedRun, method: 'magic' }, /method is "magic", not /],
])('names what only another version could: %j', (run, message) => {
  expect(misfitOf(run, runnableSchema)).toMatch(message)
  // Tables are made of its results all the same.
  expect(misfitOf(run, specificationSchema)).toBeUndefined()
})

it.each([
  [{ ...floatRun, training: { ...training, batch: 0 } }, /training\.batch is 0, not a whole number from 1 on/],
  [{ ...floatRun, training: { ...training, learningRate: 0 } }, /training\.learningRate is 0, not a number above 0/],
  [
    { ...quantizedRun, training: { ...quantizedRun.training, epochs: 0 } },
    /training\.epochs is 0, not a number above 0/,
  ],
])('refuses amounts with which nothing is trained: %j', (run, message) => {
  expect(misfitOf(run, runnableSchema)).toMatch(message)
})
