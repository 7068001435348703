import { expect, it } from 'vitest'
import { floatRun } from '../../test/example-runs.js'
import { type Grid, runsOf } from './grid.js'
import { PROFILES } from './profile.js'
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
