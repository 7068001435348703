import { isFloat, type Row } from './experiments.js'
import type { Markup } from './html.js'
import { inWords } from './in-words.js'
import { formatPoints } from './number-format.js'
import { summarize } from './row-summary.js'
import type { Series } from './series.js'
import { widthFigure } from './width-figure.js'

interface AccuracyFigure {
  readonly id: string
  readonly title: string
  /** In pixels. */
  readonly width: number
  readonly look: (method: string) => Series
}

/** Test accuracy against bits, a line a method, with the float network as a level and the paper's figures as crosses. */
export function accuracyFigure(rows: readonly Row[], figure: AccuracyFigure): Markup {
  const float = rows.find(isFloat)
  const quantized = rows.filter((row) => !isFloat(row))
  const reference = float && summarize(float, float).test.mean
  return widthFigure({
    ...figure,
    points: quantized.map((row) => {
      const { mean, deviation = 0 } = summarize(row, float).test
      return { method: row.method, bits: row.bits, mean, low: mean - deviation, high: mean + deviation }
    }),
    published: quantized.flatMap((row) => {
      const value = summarize(row, float).published
      return value === undefined ? [] : [{ method: row.method, bits: row.bits, value }]
    }),
    label: 'test accuracy, %',
    zero: false,
    reference: reference === undefined ? undefined : { value: reference, label: `float ${formatPoints(reference, 1)}` },
    description: inWords(quantized, (row) => `${formatPoints(summarize(row, float).test.mean)} %`),
  })
}
