import { markdownTable } from 'markdown-table'
import { formatSpread } from '../experiment/accuracy-table.js'
import { methodsOf, type Row } from './experiments.js'
import { formatCount } from './number-format.js'
import { type RowSummary, summarize } from './row-summary.js'

/** Quantized rows that were trained under the same settings. */
export interface RowGroup {
  /** Stands beside the first of its methods. */
  readonly label?: string
  readonly rows: readonly Row[]
}

/**
 * A line for each method of each group, a column for each width; what the paper has for a width stands beside it, and the steps
 * where not all lines have the same.
 * @param labelled the head of the column of labels; without it there is none
 */
export function accuraciesTable(groups: readonly RowGroup[], labelled?: string): string {
  const lines = groups.flatMap(linesOf)
  const widths = [...new Set(groups.flatMap(({ rows }) => rows.map(({ bits }) => bits)))].sort((a, b) => a - b)
  const measured = (bits: number): Column => ({
    head: `${bits} bits`,
    text: ({ byWidth }) => optional(byWidth.get(bits), accuracyCell),
  })
  const published = (bits: number): Column => ({
    head: `${bits} bits, paper`,
    text: ({ byWidth }) => optional(byWidth.get(bits)?.published, (value) => value.toFixed(1)),
  })
  const steps: Column = { head: 'steps', text: (line) => formatCount(line.steps) }
  const columns = [
    ...(new Set(lines.map((line) => line.steps)).size > 1 ? [steps] : []),
    ...widths.flatMap((bits) => [measured(bits), published(bits)]),
  ].filter(({ text }) => lines.some((line) => text(line) !== ''))
  const labels: Column[] = labelled === undefined ? [] : [{ head: labelled, text: ({ label }) => label }]
  const all = [...labels, { head: 'method', text: ({ method }) => method } satisfies Column, ...columns]
  return markdownTable([all.map(({ head }) => head), ...lines.map((line) => all.map(({ text }) => text(line)))], {
    align: [...labels.map(() => 'l'), 'l', ...columns.map(() => 'r')],
  })
}

/** `72.00 ± 1.00 (3)`: mean and standard deviation in percent, and of how many seeds. */
export const accuracyCell = ({ test, seeds }: RowSummary) => `${formatSpread(test)} (${seeds.length})`

interface Line {
  readonly label: string
  readonly method: string
  readonly steps: number
  readonly byWidth: ReadonlyMap<number, RowSummary>
}

interface Column {
  readonly head: string
  text(line: Line): string
}

function linesOf({ label = '', rows }: RowGroup): Line[] {
  return methodsOf(rows).map((method, i) => {
    const ofMethod = rows.filter((row) => row.method === method)
    const byWidth = new Map(ofMethod.map((row) => [row.bits, summarize(row, undefined)]))
    return { label: i === 0 ? label : '', method, steps: [...byWidth.values()][0]!.steps, byWidth }
  })
}

const optional = <T>(value: T | undefined, format: (value: T) => string) => (value === undefined ? '' : format(value))
