import { expect, it } from 'vitest'
import { exampleResults, paperBaseline, paperRun, together } from '../../test/example-experiment.js'
import { resultOf } from '../../test/example-runs.js'
import type { QuantizedRun } from '../experiment/run-specification.js'
import { experimentsOf, methodsOf, seedOf } from './experiments.js'

const changes: [name: string, change: (run: QuantizedRun) => QuantizedRun][] = [
  ['budget', (run) => ({ ...run, training: { ...run.training, budget: 'stage' } })],
  ['scales', (run) => ({ ...run, training: { ...run.training, perChannel: true } })],
  ['epochs', (run) => ({ ...run, training: { ...run.training, epochs: 8 } })],
  ['float epochs', (run) => withBaseline(run, { training: { ...run.baseline.training, epochs: 20 } })],
  ['kernels', (run) => withBaseline(run, { kernels: 'plain' })],
  ['data', (run) => withBaseline(run, { data: { ...run.baseline.data, name: 'generated' } })],
  ['content of the data', (run) => withBaseline(run, { data: { ...run.baseline.data, checksum: 'ffff' } })],
]

const withBaseline = (run: QuantizedRun, other: Partial<QuantizedRun['baseline']>): QuantizedRun => ({
  ...run,
  baseline: { ...run.baseline, ...other },
})

it('puts runs that differ in network, width, method and seed alone into one experiment', () => {
  const [experiment, ...others] = experimentsOf(exampleResults())
  expect(others).toEqual([])
  expect(experiment!.networks).toHaveLength(1)
  expect(experiment!.networks[0]!.rows.map(({ bits, method, runs }) => [bits, method, runs.map(seedOf)])).toEqual([
    [32, 'float', [1, 2, 3]],
    [3, 'direct', [1, 2, 3]],
    [3, 'layer', [1, 2, 3]],
    [3, 'neuron', [1, 2, 3]],
    [8, 'neuron', [1]],
  ])
})

it('names methods in the order of the tables, whichever width came first', () => {
  const narrow = resultOf({ ...paperRun, bits: 2, method: 'lsq' }, 0.6)
  const { rows } = experimentsOf([narrow, ...exampleResults()])[0]!.networks[0]!
  expect(methodsOf(rows.filter(({ bits }) => bits < 32))).toEqual(['direct', 'layer', 'neuron', 'lsq'])
})

it('gives a method with settings of its own a row beside that of its defaults', () => {
  const change = (run: QuantizedRun): QuantizedRun => ({ ...run, settings: { wholeShare: 0.25 } })
  const experiments = experimentsOf(together(exampleResults(), exampleResults(change)))
  expect(experiments).toHaveLength(1)
  expect(experiments[0]!.networks[0]!.rows.map(({ bits, method }) => `${bits} ${method}`)).toEqual([
    '32 float',
    '3 direct',
    '3 direct (wholeShare=0.25)',
    '3 layer',
    '3 layer (wholeShare=0.25)',
    '3 neuron',
    '3 neuron (wholeShare=0.25)',
    '8 neuron',
    '8 neuron (wholeShare=0.25)',
  ])
})

it.each(changes)('never mixes runs of another %s', (_, change) => {
  const experiments = experimentsOf(together(exampleResults(), exampleResults(change)))
  expect(experiments).toHaveLength(2)
  for (const { networks } of experiments)
    expect(networks[0]!.rows.map(({ runs }) => runs.length)).toEqual([3, 3, 3, 3, 1])
})

it('keeps apart what differs in a setting that it does not know', () => {
  const change = (run: QuantizedRun): QuantizedRun => ({ ...run, training: { ...run.training, ...{ novelty: true } } })
  expect(experimentsOf(together(exampleResults(), exampleResults(change)))).toHaveLength(2)
})

it('gives the same experiments in whatever order the results come', () => {
  const results = together(exampleResults(), exampleResults(changes[0]![1]))
  expect(experimentsOf([...results].reverse())).toEqual(experimentsOf(results))
  expect(experimentsOf(results).map(({ common }) => common.training?.budget)).toEqual(['total', 'stage'])
})

it('puts equal totals before equal stages, then long runs before short', () => {
  const training = (other: Partial<QuantizedRun['training']>) =>
    exampleResults((run) => ({ ...run, training: { ...run.training, ...other } }))
  const stage = { budget: 'stage' } as const
  const experiments = experimentsOf(
    together(
      training({ ...stage, epochs: 64 }),
      training({ epochs: 8 }),
      training({ ...stage, epochs: 1 }),
      training({}),
    ),
  )
  expect(experiments.map(({ common }) => [common.training?.budget, common.training?.epochs])).toEqual([
    ['total', 32],
    ['total', 8],
    ['stage', 64],
    ['stage', 1],
  ])
})

it('shows float runs that nothing stands on by themselves', () => {
  const other = resultOf({ ...paperBaseline, network: 'CNN10' }, 0.8)
  const [quantized, float] = experimentsOf([...exampleResults(), other])
  expect(quantized!.networks.map(({ network }) => network)).toEqual(['CNN8'])
  expect(float!.common.training).toBeUndefined()
  expect(float!.networks.map(({ network, rows }) => [network, rows.length])).toEqual([['CNN10', 1]])
})

it('orders networks by their numbers', () => {
  const results = (['CNN10', 'CNN6'] as const).map((network) =>
    resultOf({ ...paperRun, baseline: { ...paperBaseline, network } }, 0.7),
  )
  expect(experimentsOf(results)[0]!.networks.map(({ network }) => network)).toEqual(['CNN6', 'CNN10'])
})
