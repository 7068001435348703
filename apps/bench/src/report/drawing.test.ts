import * as Plot from '@observablehq/plot'
import { expect, it } from 'vitest'
import { decoration, drawing } from './drawing.js'

const caption = { id: 'figure', title: 'Accuracy <3>', description: 'by method' }
const plot: Plot.PlotOptions = {
  marks: [
    Plot.line([
      [0, 1 / 3],
      [1 / 7, 2 / 3],
    ]),
    Plot.text([[0, 0]], { text: () => 'lsq (averaging=0.995)' }),
  ],
}

it('is named for those who are read to', () => {
  const { markup } = drawing(plot, caption)
  expect(markup).toContain('role="img" aria-labelledby="figure-title" aria-describedby="figure-desc"')
  expect(markup).toContain('<title id="figure-title">Accuracy &lt;3&gt;</title>')
  expect(decoration(plot).markup).toContain('aria-hidden="true"')
})

it('has coordinates of two decimals at most, and what is read as it is', () => {
  const { markup } = drawing(plot, caption)
  expect(markup).toContain('lsq (averaging=0.995)')
  expect(markup).not.toContain('<style')
  for (const [, path] of markup.matchAll(/ d="([^"]*)"/g)) expect(path).not.toMatch(/\.\d{3}/)
  expect(markup).toMatch(/ d="M\d+(\.\d{1,2})?,/)
})
