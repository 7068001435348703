import { expect, it } from 'vitest'
import { METHODS } from '../methods/index.js'
import { seriesOf } from './series.js'

it('draws no two methods alike', () => {
  const looks = METHODS.map((method) => JSON.stringify(seriesOf(method)))
  expect(new Set(looks).size).toBe(METHODS.length)
  for (const changed of ['neuron (wholeShare=0.25)', 'neuron (wholeShare=0.75)', 'direct (weightDecay=1)'])
    expect(looks).not.toContain(JSON.stringify(seriesOf(changed)))
})
