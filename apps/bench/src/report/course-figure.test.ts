import { expect, it } from 'vitest'
import { paperRun } from '../../test/example-experiment.js'
import { resultOf } from '../../test/example-runs.js'
import type { MethodName } from '../experiment/run-specification.js'
import { courseFigure } from './course-figure.js'
import { seriesAmong } from './series.js'

const figure = (methods: readonly MethodName[]) => {
  const rows = methods.map((method) => ({ bits: 2, method, runs: [resultOf({ ...paperRun, bits: 2, method }, 0.7)] }))
  const { markup } = courseFigure({
    look: seriesAmong(methods),
    rows,
    id: 'course',
    title: 'a title',
    description: 'a description',
  })
  const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(markup)!.map(Number)
  return { markup, width: width!, height: height! }
}

it('has a panel with a heading for each method', () => {
  const { markup } = figure(['direct', 'neuron'])
  for (const heading of ['2 bits, direct', '2 bits, neuron']) expect(markup).toContain(`>${heading}</text>`)
})

it('grows downwards, not sideways, when there are more methods than stand side by side', () => {
  const [four, six] = [
    figure(['direct', 'layer', 'filter', 'neuron']),
    figure(['direct', 'layer', 'filter', 'neuron', 'lsq', 'frozen']),
  ]
  expect(six.width).toBe(four.width)
  expect(six.height).toBeGreaterThan(four.height)
})
