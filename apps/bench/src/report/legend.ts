import * as Plot from '@observablehq/plot'
import { decoration } from './drawing.js'
import { html, type Markup } from './html.js'
import type { Series } from './series.js'

/** How each method is drawn in the figures that follow. */
export function legend(methods: readonly string[], look: (method: string) => Series): Markup {
  return html`<ul class="legend" aria-label="How the methods are drawn">
${methods.map((method) => html`<li>${sample(look(method))} ${method}</li>\n`)}</ul>
`
}

/** A short piece of a method's line with its symbol. */
export function sample({ color, symbol, dash }: Series): Markup {
  const middle = [[0, 0]]
  return decoration({
    width: 44,
    height: 14,
    margin: 0,
    axis: null,
    x: { domain: [-1, 1] },
    y: { domain: [-1, 1] },
    marks: [
      Plot.ruleY([0], { stroke: color, strokeWidth: 1.75, strokeDasharray: dash }),
      Plot.dot(middle, { symbol, r: 4.5, fill: color, stroke: 'var(--paper)' }),
    ],
  })
}
