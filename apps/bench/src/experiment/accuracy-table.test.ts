import { expect, it } from 'vitest'
import { floatRun as generatedRun, quantizedRun as onGenerated, resultOf } from '../../test/example-runs.js'
import { accuracyRows, formatAccuracyTable } from './accuracy-table.js'
import { publishedAccuracy } from './paper.js'

const floatRun = { ...generatedRun, data: { ...generatedRun.data, name: 'cifar-10' as const } }
const quantizedRun = { ...onGenerated, baseline: floatRun }
const results = [
  resultOf({ ...quantizedRun, method: 'neuron' }, 0.7),
  resultOf({ ...quantizedRun, bits: 2 }, 0.6),
  resultOf({ ...quantizedRun, method: 'direct' }, 0.71),
  resultOf({ ...quantizedRun, baseline: { ...floatRun, seed: 2 } }, 0.72),
  resultOf(floatRun, 0.75),
]

it('puts runs that differ in nothing but the seed into one row, with their mean and spread', () => {
  const rows = accuracyRows(results)
  expect(rows.map(({ bits, method }) => [bits, method])).toEqual([
    [32, 'float'],
    [2, 'neuron'],
    [3, 'direct'],
    [3, 'neuron'],
  ])
  const neuron = rows[3]!
  expect(neuron.seeds).toEqual([1, 2])
  expect(neuron.test.mean).toBeCloseTo(71, 10)
  expect(neuron.test.deviation).toBeCloseTo(Math.SQRT2, 10)
  expect(neuron.largestDrop).toBe(25)
  expect(neuron.published).toBe(publishedAccuracy(quantizedRun))
  expect(rows[2]!.test.deviation).toBeUndefined()
})

it('sets no published figure beside other data, or activations of another width', () => {
  const wider = { ...quantizedRun, training: { ...quantizedRun.training, activationBits: 8 } }
  expect(publishedAccuracy(wider)).toBeUndefined()
  expect(accuracyRows([resultOf(onGenerated, 0.5)])[0]!.published).toBeUndefined()
})

it('keeps runs of another budget apart', () => {
  const other = { ...quantizedRun, training: { ...quantizedRun.training, budget: 'stage' as const } }
  expect(accuracyRows([resultOf(quantizedRun, 0.5), resultOf(other, 0.5)])).toHaveLength(2)
})

it('prints the rows', () => {
  const text = formatAccuracyTable(accuracyRows(results))
  expect(text).toContain('71.00 ± 1.41')
  expect(text).toContain('73.2')
})
