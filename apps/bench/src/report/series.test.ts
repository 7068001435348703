import { expect, it } from 'vitest'
import { METHODS } from '../methods/index.js'
import { seriesAmong } from './series.js'

it('draws no two methods alike, whatever settings they have, and a method alone as among others', () => {
  const changed = ['neuron (wholeShare=0.25)', 'neuron (wholeShare=0.75)', 'direct (clipNorm=1)']
  const methods = [...METHODS, ...changed]
  const looks = methods.map((method) => JSON.stringify(seriesAmong(methods)(method)))
  expect(new Set(looks).size).toBe(methods.length)
  expect(seriesAmong(['lsq'])('lsq')).toEqual(seriesAmong(methods)('lsq'))
})
