import * as Plot from '@observablehq/plot'
import { type Caption, drawing } from './drawing.js'
import type { Markup } from './html.js'
import { formatPoints } from './number-format.js'
import type { Series } from './series.js'

interface SeedFigure extends Caption {
  readonly look: (method: string) => Series
  /** One value a method and seed; thin lines join what belongs to one seed. */
  readonly points: readonly { readonly method: string; readonly seed: number; readonly value: number }[]
  readonly means: readonly { readonly method: string; readonly value: number }[]
  readonly label: string
}

/** Every seed under every method of one width: what the paired differences are made of. */
export function seedFigure({ look, points, means, label, ...caption }: SeedFigure): Markup {
  const methods = means.map(({ method }) => method)
  const labels = new Map(means.map(({ method, value }) => [method, [...wordsOf(method), formatPoints(value)]]))
  const lines = Math.max(...[...labels.values()].map(({ length }) => length))
  // In pixels: the longest word of 12, and a line of text.
  const band = Math.max(66, 10 + 6.5 * Math.max(...[...labels.values()].flat().map(({ length }) => length)))
  return drawing(
    {
      width: Math.max(400, Math.ceil(70 + band * methods.length)),
      height: 266 + 12 * lines,
      marginLeft: 44,
      marginRight: 24,
      marginBottom: 20 + 12 * lines,
      style: { fontSize: '12px' },
      x: {
        type: 'band',
        domain: methods,
        label: null,
        tickSize: 0,
        padding: 0.55,
        tickFormat: (method: string) => labels.get(method)!.join('\n'),
      },
      y: { label, labelArrow: 'none', grid: true, nice: true, tickSize: 0, ticks: 6, inset: 6 },
      marks: [
        Plot.line(points, { x: 'method', y: 'value', z: 'seed', stroke: 'currentColor', strokeOpacity: 0.28 }),
        methods.map((method) => {
          const { color, symbol } = look(method)
          const mine = points.filter((point) => point.method === method)
          const mean = means.filter((point) => point.method === method)
          return [
            Plot.dot(mine, { x: 'method', y: 'value', symbol, r: 4, fill: color, stroke: 'var(--paper)' }),
            Plot.tickY(mean, {
              x: 'method',
              y: 'value',
              stroke: color,
              strokeWidth: 2.5,
              insetLeft: 3,
              insetRight: 3,
            }),
          ]
        }),
      ],
    },
    caption,
  )
}

/** A method's name in pieces that stand below each other: `neuron-lsq (stepRate=2)` in three. */
const wordsOf = (method: string) => method.split(/(?<=-)| /)
