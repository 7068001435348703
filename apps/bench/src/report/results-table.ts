import { formatSpread } from '../experiment/accuracy-table.js'
import { formatDuration } from '../terminal/duration.js'
import { isFloat, type NetworkRows, type Row } from './experiments.js'
import { html, type Markup } from './html.js'
import { formatCount, formatDifference, formatNumberList, formatPoints } from './number-format.js'
import { type RowSummary, summarize } from './row-summary.js'

/** Every row of a network: a block of the table for each width, the highest mean of a width in bold. */
export function resultsTable({ rows }: NetworkRows, caption: string): Markup {
  const float = rows.find(isFloat)
  const summaries = new Map(rows.map((row) => [row, summarize(row, float)]))
  const widths = [...new Set(rows.map(({ bits }) => bits))]
  return html`<div class="wide"><table class="results">
<caption>${caption}</caption>
<thead><tr>
<th scope="col" class="text">bits</th>
<th scope="col" class="text">method</th>
<th scope="col" class="text">seeds</th>
<th scope="col">test, %</th>
<th scope="col">paper, %</th>
<th scope="col">to float</th>
<th scope="col">held out, %</th>
<th scope="col">drop, mean</th>
<th scope="col">drop, largest</th>
<th scope="col">stages</th>
<th scope="col">steps</th>
<th scope="col">time a run</th>
<th scope="col">ms a step</th>
</tr></thead>
${widths.map((bits) =>
  widthBlock(
    rows.filter((row) => row.bits === bits),
    summaries,
  ),
)}</table></div>
`
}

function widthBlock(rows: readonly Row[], summaries: ReadonlyMap<Row, RowSummary>): Markup {
  const best = Math.max(...rows.map((row) => summaries.get(row)!.test.mean))
  return html`<tbody>
${rows.map((row, i) => {
  const summary = summaries.get(row)!
  return html`<tr>${heads(row, i === 0 ? rows.length : 0)}${cells(row, summary, rows.length > 1 && summary.test.mean === best)}</tr>
`
})}</tbody>
`
}

/** The width stands before the first of its rows only. */
function heads(row: Row, rowsOfWidth: number): Markup {
  if (isFloat(row)) return html`<th scope="row" colspan="2" class="width">float</th>`
  const width = rowsOfWidth > 0 && html`<th scope="rowgroup" rowspan="${rowsOfWidth}" class="width">${row.bits}</th>`
  return html`${width}<th scope="row">${row.method}</th>`
}

function cells(row: Row, summary: RowSummary, isBest: boolean): Markup {
  const { seeds, test, heldOut, published, toFloat, meanDrop, largestDrop } = summary
  const drop = (points: number) => !isFloat(row) && formatPoints(points, 1)
  const accuracy = formatSpread(test)
  return html`<td class="text">${formatNumberList(seeds)}</td>\
<td>${isBest ? html`<strong>${accuracy}</strong>` : accuracy}</td>\
<td>${published === undefined ? undefined : formatPoints(published, 1)}</td>\
<td>${toFloat === undefined ? undefined : formatDifference(toFloat)}</td>\
<td>${formatSpread(heldOut)}</td>\
<td>${drop(meanDrop)}</td>\
<td>${drop(largestDrop)}</td>\
<td>${summary.stages}</td>\
<td>${formatCount(summary.steps)}</td>\
<td>${formatDuration(summary.secondsARun)}</td>\
<td>${formatPoints(summary.millisecondsAStep, 1)}</td>`
}
