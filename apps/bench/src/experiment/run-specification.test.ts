import { expect, it } from 'vitest'
import { floatRun, quantizedRun } from '../../test/example-runs.js'
import { describeRun, runName } from './run-specification.js'

it('names a run by its content, not by the order of its members', () => {
  const { kind, network, data, seed, training, kernels } = floatRun
  const reordered: typeof floatRun = { kernels, training, seed, data, network, kind }
  expect(Object.keys(reordered)[0]).toBe('kernels')
  expect(runName(reordered)).toBe(runName(floatRun))
  expect(runName(floatRun)).toMatch(/^[0-9a-f]{16}$/)
})

it('gives another name to a run that differs anywhere', () => {
  const names = [
    floatRun,
    { ...floatRun, seed: 2 },
    { ...floatRun, training: { ...floatRun.training, epochs: 6 } },
    quantizedRun,
    { ...quantizedRun, bits: 4 },
    { ...quantizedRun, baseline: { ...floatRun, seed: 2 } },
  ].map(runName)
  expect(new Set(names).size).toBe(names.length)
})

it('calls a run what a person would', () => {
  expect(describeRun(floatRun)).toBe('CNN6 float seed 1')
  expect(describeRun(quantizedRun)).toBe('CNN6 3-bit neuron seed 1')
  const wider = { ...quantizedRun, training: { ...quantizedRun.training, activationBits: 8 } }
  expect(describeRun(wider)).toBe('CNN6 W3A8 neuron seed 1')
})
