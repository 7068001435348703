import * as Plot from '@observablehq/plot'
import type { RunResult } from '../experiment/run-result.js'
import { type Caption, drawing } from './drawing.js'
import { methodsOf, type Row, seedOf } from './experiments.js'
import type { Markup } from './html.js'
import { formatCount } from './number-format.js'
import { seriesOf } from './series.js'

interface CourseFigure extends Caption {
  readonly rows: readonly Row[]
}

/**
 * Held-out accuracy during training, a panel for each width and method, a line for each seed. At a border of stages, drawn
 * as a thin rule, neurons are quantized and the line falls or rises at once; between borders the stage trains.
 */
export function courseFigure({ rows, ...caption }: CourseFigure): Markup {
  const widths = [...new Set(rows.map(({ bits }) => bits))]
  const methods = methodsOf(rows)
  const panel = ({ bits, method }: Row) => ({ fx: method, fy: bits })
  const notes = rows.map((row) => ({ ...panel(row), text: budgetOf(row) }))
  return drawing(
    {
      width: Math.max(560, 100 + 270 * methods.length),
      height: 70 + 132 * widths.length,
      marginLeft: 44,
      marginRight: 62,
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
      fx: { label: null, domain: methods, padding: 0.08, axis: 'top' },
      fy: { label: null, domain: widths, padding: 0.12, tickFormat: (bits: number) => `${bits} bits` },
      marks: [
        Plot.frame({ stroke: 'currentColor', strokeOpacity: 0.2 }),
        rows.map((row) => {
          const { color } = seriesOf(row.method)
          const borders = bordersOf(row.runs[0]!).map((x) => ({ ...panel(row), x }))
          const course = row.runs.flatMap((run) =>
            courseOf(run).map(([x, y]) => ({ ...panel(row), x, y, seed: seedOf(run) })),
          )
          return [
            Plot.ruleX(borders, { x: 'x', fx: 'fx', fy: 'fy', stroke: 'currentColor', strokeOpacity: 0.16 }),
            Plot.line(course, {
              x: 'x',
              y: 'y',
              z: 'seed',
              fx: 'fx',
              fy: 'fy',
              stroke: color,
              strokeWidth: 1.25,
              strokeOpacity: row.runs.length > 1 ? 0.7 : 1,
            }),
          ]
        }),
        Plot.text(notes, {
          fx: 'fx',
          fy: 'fy',
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

function budgetOf({ runs }: Row): string {
  const { stages, steps } = runs[0]!
  return `${formatCount(steps)} steps, ${stages.length === 1 ? '1 stage' : `${stages.length} stages`}`
}
