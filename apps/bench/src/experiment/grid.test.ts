import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { floatRun } from '../../test/example-runs.js'
import { type Grid, runsOf } from './grid.js'
import { PROFILES } from './profile.js'
import { readResults } from './read-results.js'
import { baselineOf, runName } from './run-specification.js'

const grid: Grid = {
  networks: ['CNN6', 'CNN8'],
  bits: [2, 3],
  methods: ['direct', 'neuron'],
  seeds: [1, 2, 3],
  budget: 'total',
  perChannel: false,
  kernels: 'relaxed',
}

it('makes every run once, each after its baseline', () => {
  const runs = runsOf(grid, PROFILES.smoke, floatRun.data)
  expect(runs).toHaveLength(2 * 3 * (1 + 2 * 2))
  const names = runs.map(runName)
  expect(new Set(names).size).toBe(runs.length)
  runs.forEach((run, i) => {
    expect(names.indexOf(runName(baselineOf(run)))).toBeLessThanOrEqual(i)
  })
})

it('says the width of activations only where it is not that of the weights', () => {
  const runs = runsOf({ ...grid, activationBits: 3 }, PROFILES.smoke, floatRun.data)
  for (const run of runs)
    if (run.kind === 'quantized') expect(run.training.activationBits).toBe(run.bits === 3 ? undefined : 3)
  const plain = new Set(runsOf(grid, PROFILES.smoke, floatRun.data).map(runName))
  expect(runs.filter((run) => !plain.has(runName(run)))).toHaveLength(2 * 3 * 2)
})

it('gives the runs of results/cnn8.jsonl the names that they have there', async () => {
  const results = await readResults(
    fileURLToPath(new URL('../../../../results/cnn8.jsonl', import.meta.url)),
    expect.unreachable,
  )
  for (const { run, specification } of results) expect(runName(specification)).toBe(run)
  const { data } = baselineOf(results[0]!.specification)
  const methods = ['direct', 'layer', 'filter', 'neuron'] as const
  const table: Grid = { ...grid, networks: ['CNN8'], bits: [2, 3, 4, 8], methods, seeds: [1, 2, 3, 4, 5, 6] }
  const made = new Set(runsOf(table, PROFILES.table, data).map(runName))
  expect(results.filter(({ run }) => made.has(run)).length).toBeGreaterThanOrEqual(41)
})
