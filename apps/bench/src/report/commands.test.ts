import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { exampleResults } from '../../test/example-experiment.js'
import { readResults } from '../experiment/read-results.js'
import { type QuantizedRun, runName } from '../experiment/run-specification.js'
import { commandOf, commandsOf } from './commands.js'
import { experimentsOf, isFloat } from './experiments.js'

const networkOf = (change?: (run: QuantizedRun) => QuantizedRun) =>
  experimentsOf(exampleResults(change))[0]!.networks[0]!

it('gives each quantized row its command', () => {
  const { rows } = networkOf()
  expect(rows.map(commandOf)).toEqual([
    undefined,
    'pnpm bench reproduce cifar10 --net CNN8 --bits 3 --method direct --seeds 1..3 --profile paper --budget total',
    'pnpm bench reproduce cifar10 --net CNN8 --bits 3 --method layer --seeds 1..3 --profile paper --budget total',
    'pnpm bench reproduce cifar10 --net CNN8 --bits 3 --method neuron --seeds 1..3 --profile paper --budget total',
    'pnpm bench reproduce cifar10 --net CNN8 --bits 8 --method neuron --seeds 1 --profile paper --budget total',
  ])
})

it('asks for rows of the same seeds together', () => {
  expect(commandsOf(networkOf())).toEqual([
    'pnpm bench reproduce cifar10 --net CNN8 --bits 3 --method direct,layer,neuron --seeds 1..3 --profile paper --budget total',
    'pnpm bench reproduce cifar10 --net CNN8 --bits 8 --method neuron --seeds 1 --profile paper --budget total',
  ])
})

it('names every option that differs from the profile', () => {
  const [command] = commandsOf(
    networkOf((run) => ({
      ...run,
      baseline: {
        ...run.baseline,
        kernels: 'plain',
        training: { ...run.baseline.training, epochs: 20, augmentation: 'flip' },
      },
      training: {
        ...run.training,
        ...{ epochs: 8, augmentation: 'flip', budget: 'stage', wholeEpochs: 9, perChannel: true, activationBits: 8 },
        ...{ groups: 8, batch: 50, learningRate: 2e-3, finalLearningRate: 1e-6 },
      },
    })),
  )
  expect(command).toBe(
    'pnpm bench reproduce cifar10 --net CNN8 --bits 3 --activation-bits 8 --method direct,layer,neuron --seeds 1..3 --profile paper ' +
      '--float-epochs 20 --epochs 8 --augment flip --groups 8 --batch 50 --rate 0.002 --final-rate 0.000001 --budget stage --whole-epochs 9 --per-channel --kernels plain',
  )
})

it('names settings that are not the defaults of their method', () => {
  const [direct] = networkOf().rows.slice(1)
  const run = direct!.runs[0]!
  const specification = { ...run.specification, method: 'distilled', settings: { temperature: 7 } } as QuantizedRun
  const changed = { ...run, run: runName(specification), specification }
  expect(commandOf({ bits: 3, method: 'distilled', runs: [changed] })).toBe(
    'pnpm bench reproduce cifar10 --net CNN8 --bits 3 --method distilled --set temperature=7 --seeds 1 --profile paper --budget total',
  )
})

it('names a list as it is given', () => {
  const [direct] = networkOf().rows.slice(1)
  const run = direct!.runs[0]!
  const specification = {
    ...run.specification,
    method: 'incremental',
    settings: { fractions: [0.3, 1] },
  } as QuantizedRun
  const changed = { ...run, run: runName(specification), specification }
  expect(commandOf({ bits: 3, method: 'incremental', runs: [changed] })).toContain(' --set fractions=0.3+1 ')
})

it('asks for rows of other settings apart', () => {
  const { rows } = networkOf()
  const [neuron] = rows.filter(({ method }) => method === 'neuron')
  const changed = {
    ...neuron!,
    method: 'neuron (wholeShare=0.25)',
    runs: neuron!.runs.map((result) => {
      const specification = { ...result.specification, settings: { wholeShare: 0.25 } } as QuantizedRun
      return { ...result, specification, run: runName(specification) }
    }),
  }
  expect(commandsOf({ network: 'CNN8', rows: [...rows.slice(1, 4), changed] })).toEqual([
    'pnpm bench reproduce cifar10 --net CNN8 --bits 3 --method direct,layer,neuron --seeds 1..3 --profile paper --budget total',
    'pnpm bench reproduce cifar10 --net CNN8 --bits 3 --method neuron --set wholeShare=0.25 --seeds 1..3 --profile paper --budget total',
  ])
})

it('gives each row of the committed results its command', async () => {
  const results = await readResults(fileURLToPath(new URL('../../../../results', import.meta.url)), expect.unreachable)
  const rows = experimentsOf(results).flatMap(({ networks }) => networks.flatMap(({ rows }) => rows))
  expect(rows.length).toBeGreaterThan(10)
  for (const row of rows) if (!isFloat(row)) expect(commandOf(row)).toMatch(/^pnpm bench reproduce cifar10 /)
})

it('gives none rather than one that makes other runs', () => {
  const { rows } = networkOf((run) => ({ ...run, training: { ...run.training, calibrationImages: 50 } }))
  expect(rows.map(commandOf)).toEqual(rows.map(() => undefined))
})
