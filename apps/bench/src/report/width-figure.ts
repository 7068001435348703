import * as Plot from '@observablehq/plot'
import { type Caption, drawing } from './drawing.js'
import type { Markup } from './html.js'
import type { Series } from './series.js'

/** A mean of one method at one width, and how far the seeds lie apart. */
export interface WidthPoint {
  readonly method: string
  readonly bits: number
  readonly mean: number
  readonly low: number
  readonly high: number
}

interface WidthFigure extends Caption {
  /** In pixels. */
  readonly width: number
  readonly look: (method: string) => Series
  readonly points: readonly WidthPoint[]
  readonly label: string
  readonly zero: boolean
  /** A level that all widths are compared with. */
  readonly reference?: { readonly value: number; readonly label: string } | undefined
  /** Values from elsewhere, drawn as crosses. */
  readonly published?: readonly { readonly method: string; readonly bits: number; readonly value: number }[]
}

/** One line a method over the widths, the spread as a bar; methods stand a little beside each other. */
export function widthFigure({
  look,
  width,
  points,
  label,
  zero,
  reference,
  published = [],
  ...caption
}: WidthFigure): Markup {
  const widths = [...new Set(points.map(({ bits }) => bits))].sort((a, b) => a - b)
  const methods = [...new Set(points.map(({ method }) => method))]
  // However many methods there are, none is drawn at the next width.
  const pixelsABit = (width - 100) / Math.max(1, widths.at(-1)! - widths[0]!)
  const apart = Math.min(width / 80, (0.6 * pixelsABit) / methods.length)
  const aside = (method: string) => apart * (methods.indexOf(method) - (methods.length - 1) / 2)
  return drawing(
    {
      width,
      height: 290,
      marginLeft: 44,
      marginRight: 8,
      marginBottom: 38,
      style: { fontSize: '12px' },
      x: {
        label: 'bits',
        labelArrow: 'none',
        labelAnchor: 'center',
        ticks: widths,
        tickFormat: String,
        tickSize: 0,
        // Methods stand to either side of the outermost widths, too.
        inset: Math.max(24, 12 + (apart * methods.length) / 2),
      },
      y: { label, labelArrow: 'none', grid: true, nice: true, zero, tickSize: 0, ticks: 6 },
      marks: [
        reference && [
          Plot.ruleY([reference.value], { stroke: 'currentColor', strokeDasharray: '1 3', strokeLinecap: 'round' }),
          Plot.text([reference], {
            y: 'value',
            text: 'label',
            frameAnchor: 'left',
            // Below its line, where the fewest bits leave room: above it stands the label of the axis.
            lineAnchor: 'top',
            dy: 4,
            fill: 'currentColor',
            stroke: 'var(--paper)',
            strokeWidth: 4,
          }),
        ],
        methods.map((method) => {
          const mine = points.filter((point) => point.method === method)
          const { color, symbol, dash } = look(method)
          const dx = aside(method)
          return [
            Plot.line(mine, { x: 'bits', y: 'mean', dx, stroke: color, strokeWidth: 1.75, strokeDasharray: dash }),
            Plot.ruleX(mine, { x: 'bits', y1: 'low', y2: 'high', dx, stroke: color, strokeWidth: 1.5 }),
            Plot.dot(mine, { x: 'bits', y: 'mean', dx, symbol, r: 4.5, fill: color, stroke: 'var(--paper)' }),
            Plot.dot(
              published.filter((point) => point.method === method),
              { x: 'bits', y: 'value', dx, symbol: 'times', r: 4, stroke: color, strokeWidth: 1.75 },
            ),
          ]
        }),
      ],
    },
    caption,
  )
}
