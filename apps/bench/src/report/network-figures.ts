import { accuracyFigure } from './accuracy-figure.js'
import { courseFigure } from './course-figure.js'
import { isFloat, methodsOf, type NetworkRows, type Row, seedOf } from './experiments.js'
import { html, type Markup } from './html.js'
import { inWords } from './in-words.js'
import { legend } from './legend.js'
import { formatPoints } from './number-format.js'
import { summarize } from './row-summary.js'
import { seedFigure } from './seed-figure.js'
import { seriesAmong } from './series.js'
import { widthFigure } from './width-figure.js'

type Look = ReturnType<typeof seriesAmong>

/** With more methods than these a figure takes the whole width of the page. */
const METHODS_BESIDE = 6

/** The figures of one network: accuracy by width, seed by seed, drops, and the course of training. `title` is the experiment's. */
export function networkFigures({ network: name, rows }: NetworkRows, id: string, title: string): Markup {
  const quantized = rows.filter((row) => !isFloat(row))
  if (quantized.length === 0) return html``
  const network = `${name}, ${title}`
  const methods = methodsOf(quantized)
  const look = seriesAmong(methods)
  const widths = [...new Set(quantized.map(({ bits }) => bits))]
  const severalWidths = widths.length > 1
  const compared = rowsToCompare(quantized)
  return html`${legend(methods, look)}<div class="figures">
${severalWidths && accuracyByWidth(network, rows, id, look)}\
${compared.length > 1 && seedBySeed(network, compared, id, look)}\
${severalWidths && dropsByWidth(network, quantized, id, look)}\
</div>
<figure>
<figcaption><b>Accuracy during training.</b> Held-out accuracy from the float network on, a line for each seed. Thin rules are \
borders of stages: there the next neurons are quantized, and the line moves at once; between them the network trains.</figcaption>
${widths.map((bits) => courseAt(network, bits, quantized, id, look))}</figure>
`
}

function courseAt(network: string, bits: number, quantized: readonly Row[], id: string, look: Look): Markup {
  const rows = quantized.filter((row) => row.bits === bits)
  return html`<div class="wide">${courseFigure({
    look,
    rows,
    id: `${id}-course-${bits}`,
    title: `${network}: held-out accuracy during training at ${bits} bits`,
    description: inWords(
      rows,
      (row) => `largest drop ${formatPoints(summarize(row, undefined).largestDrop, 1)} points`,
    ),
  })}</div>
`
}

/** The rows of 3 bits, for which the paper gives figures, or of the smallest width with as many methods. */
function rowsToCompare(rows: readonly Row[]): Row[] {
  const of = (bits: number) => rows.filter((row) => row.bits === bits)
  const widths = [3, ...new Set(rows.map(({ bits }) => bits))]
  return of(widths.find((bits) => of(bits).length > 1) ?? 3)
}

function accuracyByWidth(network: string, rows: readonly Row[], id: string, look: Look): Markup {
  const methods = methodsOf(rows.filter((row) => !isFloat(row)))
  const published = rows.some((row) => summarize(row, undefined).published !== undefined)
  return figure(
    methods.length,
    html`<b>Accuracy against bits.</b> Test images; bars: one standard deviation over the seeds to either side.${
      published && html` Crosses: the paper.`
    }`,
    accuracyFigure(rows, {
      look,
      width: widthOf(methods.length),
      id: `${id}-accuracy`,
      title: `${network}: test accuracy against bits`,
    }),
  )
}

function seedBySeed(network: string, rows: readonly Row[], id: string, look: Look): Markup {
  const { bits } = rows[0]!
  return figure(
    rows.length,
    html`<b>${bits} bits, seed by seed.</b> Test accuracy of each seed; lines join a seed's runs, which start from one float network. \
Dashes: means.`,
    seedFigure({
      look,
      points: rows.flatMap((row) =>
        row.runs.map((run) => ({ method: row.method, seed: seedOf(run), value: 100 * run.accuracy.test })),
      ),
      means: rows.map((row) => ({ method: row.method, value: summarize(row, undefined).test.mean })),
      label: 'test accuracy, %',
      id: `${id}-seeds`,
      title: `${network}: test accuracy at ${bits} bits, seed by seed`,
      description: inWords(rows, (row) =>
        row.runs.map((run) => `${formatPoints(100 * run.accuracy.test)} % (seed ${seedOf(run)})`).join(', '),
      ),
    }),
  )
}

function dropsByWidth(network: string, rows: readonly Row[], id: string, look: Look): Markup {
  const points = rows.map((row) => {
    const drops = row.runs.map(({ largestDrop }) => 100 * largestDrop)
    const mean = summarize(row, undefined).meanDrop
    return { method: row.method, bits: row.bits, mean, low: Math.min(...drops), high: Math.max(...drops) }
  })
  return figure(
    methodsOf(rows).length,
    html`<b>Largest drop during training.</b> Points of held-out accuracy below the best before; bars: from the smallest to the \
largest over the seeds.`,
    widthFigure({
      look,
      width: widthOf(methodsOf(rows).length),
      points,
      label: 'largest drop, points',
      zero: true,
      id: `${id}-drops`,
      title: `${network}: largest drop of held-out accuracy during training against bits`,
      description: inWords(rows, (row) => `${formatPoints(summarize(row, undefined).meanDrop, 1)} points`),
    }),
  )
}

function figure(methods: number, caption: Markup, drawn: Markup): Markup {
  return html`<figure${methods > METHODS_BESIDE && html` class="across"`}>
<figcaption>${caption}</figcaption>
${drawn}
</figure>
`
}

/** In pixels: a third of the page, or all of it. */
const widthOf = (methods: number) => (methods > METHODS_BESIDE ? 1140 : 400)
