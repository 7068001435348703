import { accuracyFigure } from './accuracy-figure.js'
import { experimentTitles } from './experiment-title.js'
import { type Experiment, isFloat, methodsOf, type Row } from './experiments.js'
import { html, type Markup, trusted } from './html.js'
import { sample } from './legend.js'
import { palette } from './palette.js'
import { summarize } from './row-summary.js'
import { type Series, seriesAmong } from './series.js'

/**
 * Accuracy against bits as an image of its own, light or dark as its reader's screen: of the network and experiment with most
 * runs, and in it of the methods that were run at several widths. Undefined where none was.
 */
export function accuracyImage(experiments: readonly Experiment[]): string | undefined {
  const experimentTitle = experimentTitles(experiments.map(({ common }) => common))
  const candidates = experiments
    .flatMap(({ networks }, i) => networks.map((network) => ({ ...network, experiment: experimentTitle[i]! })))
    .map((candidate) => ({ ...candidate, rows: comparedRows(candidate.rows) }))
    .filter(({ rows }) => rows.length > 0)
  const most = Math.max(...candidates.map(runCount))
  const shown = candidates.find((candidate) => runCount(candidate) === most)
  if (shown === undefined) return undefined
  const { network, experiment, rows } = shown
  const title = `${network}: test accuracy against bits`
  const methods = methodsOf(rows.filter((row) => !isFloat(row)))
  const look = seriesAmong(methods)
  const published = rows.some((row) => summarize(row, undefined).published !== undefined)
  return html`<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}">
<title>${title}</title>
<style>
${trusted(palette())}text { fill: var(--ink); font: 12px system-ui, sans-serif; white-space: pre }
svg { color: var(--ink); overflow: visible }
.title { font-size: 14px; font-weight: 650 }
.quiet { fill: var(--quiet) }
</style>
<rect width="${WIDTH}" height="${HEIGHT}" fill="var(--paper)"/>
<text x="12" y="24" class="title">${title}</text>
<text x="12" y="43" class="quiet">${experiment}; bars: standard deviation over seeds${published && '; crosses: the paper'}</text>
${methods.map((method, i) => key(method, i, look(method)))}\
<g transform="translate(8 80)">${accuracyFigure(rows, { look, width: WIDTH - 16, id: 'accuracy', title })}</g>
</svg>
`.markup
}

const WIDTH = 720
const HEIGHT = 378
const KEY_WIDTH = 112

function key(method: string, index: number, look: Series): Markup {
  return html`<g transform="translate(${12 + index * KEY_WIDTH} 55)">${sample(look)}<text x="52" y="11">${method}</text></g>
`
}

/** Float, and the methods of which there is more than one width. */
function comparedRows(rows: readonly Row[]): Row[] {
  const widths = (method: string) => rows.filter((row) => row.method === method).length
  const compared = rows.filter((row) => !isFloat(row) && widths(row.method) > 1)
  return compared.length > 0 ? [...rows.filter(isFloat), ...compared] : []
}

const runCount = ({ rows }: { readonly rows: readonly Row[] }) => rows.reduce((sum, { runs }) => sum + runs.length, 0)
