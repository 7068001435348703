import { expect, it } from 'vitest'
import { exampleResults } from '../../test/example-experiment.js'
import type { QuantizedRun } from '../experiment/run-specification.js'
import { describeExperiment, experimentLabels, experimentTitles, flatSettings, warningOf } from './experiment-title.js'
import { experimentsOf } from './experiments.js'

const settingsOf = (...changes: ((run: QuantizedRun) => QuantizedRun)[]) =>
  [exampleResults(), ...changes.map(exampleResults)].map((results) => experimentsOf(results)[0]!.common)

const training = (other: Partial<QuantizedRun['training']>) => (run: QuantizedRun) => ({
  ...run,
  training: { ...run.training, ...other },
})

it('says data and budget, and what else the experiments differ in', () => {
  expect(experimentTitles(settingsOf())).toEqual(['CIFAR-10, equal steps for every method'])
  expect(experimentTitles(settingsOf(training({ budget: 'stage' })))).toEqual([
    'CIFAR-10, equal steps for every method, 200 + 32 epochs',
    'CIFAR-10, equal steps for every stage, 200 epochs + 32 a stage',
  ])
  const whole = { budget: 'stage', epochs: 1, wholeEpochs: 8 } as const
  expect(experimentTitles(settingsOf(training(whole), training({ ...whole, wholeEpochs: 16 })))).toEqual([
    'CIFAR-10, equal steps for every method, 200 + 32 epochs',
    'CIFAR-10, equal steps for every stage, 200 epochs + 1 a stage + 8 for the whole',
    'CIFAR-10, equal steps for every stage, 200 epochs + 1 a stage + 16 for the whole',
  ])
  expect(experimentTitles(settingsOf(training({ epochs: 8, perChannel: true })))).toEqual([
    'CIFAR-10, equal steps for every method, 200 + 32 epochs',
    'CIFAR-10, equal steps for every method, a scale a filter, 200 + 8 epochs',
  ])
  expect(experimentTitles(settingsOf(training({ activationBits: 4 })))).toEqual([
    'CIFAR-10, equal steps for every method',
    'CIFAR-10, equal steps for every method, activations of 4 bits',
  ])
  expect(experimentTitles(settingsOf(training({ learningRate: 0.003 })))).toEqual([
    'CIFAR-10, equal steps for every method, learning rate 0.001',
    'CIFAR-10, equal steps for every method, learning rate 0.003',
  ])
})

it('labels experiments by their epochs, and by what else they differ in', () => {
  const staged = { budget: 'stage', epochs: 0.25 } as const
  expect(experimentLabels(settingsOf(training(staged), training({ ...staged, wholeEpochs: 4 })))).toEqual([
    '32 in all',
    '0.25 a stage',
    '0.25 a stage, 4 whole',
  ])
  expect(experimentLabels(settingsOf(training({ learningRate: 0.003, perChannel: true })))).toEqual([
    '32 in all, learning rate 0.001',
    '32 in all, a scale a filter, learning rate 0.003',
  ])
  expect(experimentLabels(settingsOf(training({ groups: 8 })))).toEqual([
    '32 in all, training.groups 4',
    '32 in all, training.groups 8',
  ])
})

it('falls back on the settings themselves, so that no two titles are alike', () => {
  const titles = experimentTitles(
    settingsOf(training({ groups: 8 }), (run) => ({ ...run, training: { ...run.training, ...{ novelty: 'yes' } } })),
  )
  expect(titles).toEqual([
    'CIFAR-10, equal steps for every method, training.groups 4, training.novelty absent',
    'CIFAR-10, equal steps for every method, training.groups 8, training.novelty absent',
    'CIFAR-10, equal steps for every method, training.groups 4, training.novelty yes',
  ])
})

it('says what the fully quantized network gets beside its stages', () => {
  const budget = { budget: 'stage', epochs: 1, wholeEpochs: 8 } as const
  const [total, staged] = settingsOf(training(budget))
  expect(describeExperiment(staged!)).toContain(
    '1 quantized epoch a stage, 8 for the whole network quantized, 4 groups',
  )
  expect(warningOf(staged!)).toMatch(/^Not under equal budgets: methods of more stages train longer/)
  expect(warningOf(total!)).toBeUndefined()
})

it('describes and lists the settings', () => {
  const [common] = settingsOf()
  expect(describeExperiment(common!)).toBe(
    '200 float and 32 quantized epochs in all, 4 groups of neurons a layer, a scale a layer, 5000 training images held out',
  )
  expect(flatSettings(common!)).toContainEqual(['baseline.data.heldOutImages', '5000'])
  expect(flatSettings(common!)).toContainEqual(['training.finalLearningRate', '0.00005'])
})
