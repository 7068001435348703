import { expect, it } from 'vitest'
import { METHODS } from '../methods/index.js'
import { seriesOf } from './series.js'

it('draws no two methods alike', () => {
  const looks = METHODS.map((method) => JSON.stringify(seriesOf(method)))
  expect(new Set(looks).size).toBe(METHODS.length)
})
