import { expect, it } from 'vitest'
import { exampleResults, together } from '../../test/example-experiment.js'
import type { QuantizedRun } from '../experiment/run-specification.js'
import { experimentsOf } from './experiments.js'
import { overview } from './overview.js'

const trained = (training: Partial<QuantizedRun['training']>) => (run: QuantizedRun) => ({
  ...run,
  training: { ...run.training, ...training },
})
const stages = exampleResults(trained({ budget: 'stage', epochs: 0.25, wholeEpochs: 4 })).map((result) => {
  const { specification, steps } = result
  return specification.kind === 'quantized' && specification.method === 'direct'
    ? { ...result, steps: steps / 8 }
    : result
})

it('has the runs of a network under all budgets in one table', () => {
  const results = together(exampleResults(), stages)
  expect(`\n${overview(experimentsOf(results))}\n`).toMatchInlineSnapshot(`
    "
    **CNN8, CIFAR-10**: test accuracy in %, mean ± standard deviation (seeds). Float, 200 epochs: 76.00 ± 1.00 (3).

    | quantized epochs      | method |  steps |           3 bits | 3 bits, paper |    8 bits |
    | :-------------------- | :----- | -----: | ---------------: | ------------: | --------: |
    | 32 in all             | direct | 14 400 | 72.00 ± 1.00 (3) |          71.4 |           |
    |                       | layer  | 14 400 | 68.83 ± 0.76 (3) |          67.2 |           |
    |                       | neuron | 14 400 | 73.17 ± 1.04 (3) |          73.2 | 76.10 (1) |
    | 0.25 a stage, 4 whole | direct |  1 800 | 72.00 ± 1.00 (3) |          71.4 |           |
    |                       | layer  | 14 400 | 68.83 ± 0.76 (3) |          67.2 |           |
    |                       | neuron | 14 400 | 73.17 ± 1.04 (3) |          73.2 | 76.10 (1) |
    "
  `)
})

it('has a table for each network, and for each kind of float networks', () => {
  const network = (run: QuantizedRun): QuantizedRun => ({ ...run, baseline: { ...run.baseline, network: 'CNN10' } })
  const shorter = (run: QuantizedRun): QuantizedRun => ({
    ...run,
    baseline: { ...run.baseline, training: { ...run.baseline.training, epochs: 20 } },
  })
  const results = together(exampleResults(network), exampleResults(), exampleResults(shorter))
  expect(overview(experimentsOf(results)).match(/^\*\*.*/gm)).toEqual([
    '**CNN8, CIFAR-10**: test accuracy in %, mean ± standard deviation (seeds). Float, 200 epochs: 76.00 ± 1.00 (3).',
    '**CNN8, CIFAR-10**: test accuracy in %, mean ± standard deviation (seeds). Float, 20 epochs: 76.00 ± 1.00 (3).',
    '**CNN10, CIFAR-10**: test accuracy in %, mean ± standard deviation (seeds). Float, 200 epochs: 76.00 ± 1.00 (3).',
  ])
})

it('of float networks alone has no table', () => {
  const floats = exampleResults().filter(({ specification }) => specification.kind === 'float')
  expect(overview(experimentsOf(floats))).toBe(
    '**CNN8, CIFAR-10**: test accuracy in %, mean ± standard deviation (seeds). Float, 200 epochs: 76.00 ± 1.00 (3).',
  )
})
