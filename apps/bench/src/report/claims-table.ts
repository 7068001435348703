import { type Claim, lacksSeeds, type Verdict } from './claims.js'
import { html, type Markup } from './html.js'
import { intervalFigure, intervalScale } from './interval-figure.js'
import { formatDifference, formatNumberList, formatPoints, formatPValue } from './number-format.js'

/** The claims with their verdicts, the figures these rest on, and the intervals drawn to one scale a topic. */
export function claimsTable(claims: readonly Claim[], caption: string): Markup {
  const topics = [...new Set(claims.map(({ topic }) => topic))]
  return html`<div class="wide"><table class="claims">
<caption>${caption}</caption>
<thead><tr>
<th scope="col" class="text">verdict</th>
<th scope="col" class="text">claim</th>
<th scope="col">bits</th>
<th scope="col">mean, points</th>
<th scope="col">95 % interval</th>
<th scope="col" class="drawn" aria-hidden="true"></th>
<th scope="col">paper</th>
<th scope="col">p</th>
<th scope="col">p, Holm</th>
<th scope="col" class="text">seeds</th>
</tr></thead>
${topics.map((topic) => {
  const same = claims.filter((claim) => claim.topic === topic)
  const scale = intervalScale(same)
  return html`<tbody>
${same.map((claim) => claimRow(claim, scale))}</tbody>
`
})}</table></div>
`
}

/** A verdict as a word with a sign before it, so that its colour only repeats what it says. */
export function verdictMark(verdict: Verdict, text: string = verdict): Markup {
  const [name, sign] = SIGNS[verdict]
  return html`<span class="verdict ${name}"><span aria-hidden="true">${sign}</span> ${text}</span>`
}

function claimRow(claim: Claim, scale: readonly [number, number]): Markup {
  const { statement, bits, published, pValue, correctedPValue, verdict, seeds } = claim
  return html`<tr>\
<td class="text">${verdictMark(verdict)}</td>\
<th scope="row">${statement}</th>\
<td>${bits}</td>\
<td>${meanText(claim)}</td>\
<td>${intervalText(claim)}</td>\
<td class="drawn" aria-hidden="true">${intervalFigure(claim, scale)}</td>\
<td>${published === undefined ? undefined : formatDifference(published)}</td>\
<td>${lacksSeeds(claim) ? undefined : formatPValue(pValue)}</td>\
<td>${lacksSeeds(claim) ? undefined : formatPValue(correctedPValue)}</td>\
<td class="text">${formatNumberList(seeds)}</td></tr>
`
}

/** Mean and standard error. */
export function meanText(claim: Claim): string {
  const { mean, error } = claim.estimate
  const text = formatterOf(claim)(mean)
  return error === undefined ? text : `${text} ± ${formatPoints(error)}`
}

export function intervalText(claim: Claim): string {
  const { interval } = claim.estimate
  const format = formatterOf(claim)
  return interval === undefined ? 'not enough seeds' : `${format(interval[0])} to ${format(interval[1])}`
}

const formatterOf = ({ topic }: Claim) =>
  topic === 'drop' ? (value: number) => formatPoints(value) : (value: number) => formatDifference(value)

const SIGNS: Readonly<Record<Verdict, readonly [name: string, sign: string]>> = {
  holds: ['holds', '✓'],
  'does not hold': ['fails', '✗'],
  undecided: ['undecided', '?'],
}
