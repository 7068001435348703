import * as Plot from '@observablehq/plot'
import type { RunResult } from '../experiment/run-result.js'
import { type Caption, drawing } from './drawing.js'
import { type Row, seedOf } from './experiments.js'
import type { Markup } from './html.js'
import { formatCount } from './number-format.js'
import type { Series } from './series.js'

interface CourseFigure extends Caption {
  readonly look: (method: string) => Series
  /** Of one width. */
  readonly rows: readonly Row[]
}

/** Panels side by side: more than these would be too small to read. */
const COLUMNS = 4

/**
 * Held-out accuracy during training, a panel for each method, a line for each seed. At a border of stages, drawn
 * as a thin rule, neurons are quantized and the line falls or rises at once; between borders the stage trains.
 */
export function courseFigure({ look, rows, ...caption }: CourseFigure): Markup {
  const columns = Math.min(COLUMNS, rows.length)
  const lines = Math.ceil(rows.length / COLUMNS)
  const panels = rows.map((row, i) => ({ row, fx: i % COLUMNS, fy: Math.floor(i / COLUMNS) }))
  const headings = panels.map(({ row, ...at }) => ({ ...at, text: headingOf(row) }))
  // Settings stand on a line of their own.
  const second = headings.some(({ text }) => text.includes('\n')) ? 14 : 0
  const notes = panels.map(({ row, ...at }) => ({ ...at, text: budgetOf(row) }))
  const facets = { fx: 'fx', fy: 'fy' }
  return drawing(
    {
      width: Math.max(560, 60 + 280 * columns),
      height: 60 + second + (150 + second) * lines,
      marginLeft: 44,
      marginRight: 16,
      marginTop: 36 + second,
      marginBottom: 38,
      style: { fontSize: '12px' },
      x: {
        label: 'share of the steps, %',
        labelArrow: 'none',
        labelAnchor: 'center',
        ticks: [0, 50, 100],
        domain: [0, 100],
      },
      y: {
        label: 'held-out accuracy, %',
        labelArrow: 'none',
        nice: true,
        zero: true,
        ticks: 4,
        grid: true,
        tickSize: 0,
      },
      fx: { axis: null, domain: Array.from({ length: columns }, (_, i) => i), padding: 0.08 },
      fy: { axis: null, domain: Array.from({ length: lines }, (_, i) => i), padding: second > 0 ? 0.3 : 0.22 },
      marks: [
        Plot.frame({ stroke: 'currentColor', strokeOpacity: 0.2 }),
        panels.map(({ row, ...at }) => {
          const { color } = look(row.method)
          const borders = bordersOf(row.runs[0]!).map((x) => ({ ...at, x }))
          const course = row.runs.flatMap((run) => courseOf(run).map(([x, y]) => ({ ...at, x, y, seed: seedOf(run) })))
          return [
            Plot.ruleX(borders, { x: 'x', ...facets, stroke: 'currentColor', strokeOpacity: 0.16 }),
            Plot.line(course, {
              x: 'x',
              y: 'y',
              z: 'seed',
              ...facets,
              stroke: color,
              strokeWidth: 1.25,
              strokeOpacity: row.runs.length > 1 ? 0.7 : 1,
            }),
          ]
        }),
        Plot.text(headings, {
          ...facets,
          text: 'text',
          frameAnchor: 'top-left',
          lineAnchor: 'bottom',
          dy: -5,
          fill: 'currentColor',
          fontWeight: 600,
        }),
        Plot.text(notes, {
          ...facets,
          text: 'text',
          frameAnchor: 'bottom-right',
          dx: -6,
          dy: -6,
          fill: 'currentColor',
          stroke: 'var(--paper)',
          strokeWidth: 4,
        }),
      ],
    },
    caption,
  )
}

/**
 * From the float network on: where each stage begins, its neurons just quantized, every epoch, and where it ends. Borders
 * only where the run does not tell the rest. In percent.
 */
function courseOf({ accuracy, stages, steps, course }: RunResult): [share: number, accuracy: number][] {
  const share = (step: number) => (100 * step) / steps
  if (course)
    return [[0, 100 * accuracy.start], ...course.map(([step, at]): [number, number] => [share(step), 100 * at])]
  return [
    [0, 100 * accuracy.start],
    ...stages.flatMap(({ begin, end, step }, i): [number, number][] => [
      [share(stages[i - 1]?.step ?? 0), 100 * begin],
      [share(step), 100 * end],
    ]),
  ]
}

const bordersOf = ({ stages, steps }: RunResult) => stages.slice(0, -1).map(({ step }) => (100 * step) / steps)

const headingOf = ({ bits, method }: Row) => `${bits} bits, ${method.replace(' (', '\n(')}`

function budgetOf({ runs }: Row): string {
  const { stages, steps } = runs[0]!
  return `${formatCount(steps)} steps, ${stages.length === 1 ? '1 stage' : `${stages.length} stages`}`
}
