import { claimsOf, type Verdict } from './claims.js'
import { verdictMark } from './claims-table.js'
import { CONFIDENCE, MINIMUM_COUNT } from './estimate.js'
import { experimentSection, networkId } from './experiment-section.js'
import { experimentTitles } from './experiment-title.js'
import type { Experiment, NetworkRows } from './experiments.js'
import { html, type Markup, trusted } from './html.js'
import { formatCount } from './number-format.js'
import { pageStyle } from './page-style.js'

/**
 * The report as one page of HTML that loads nothing and runs nothing: the same experiments give the same bytes.
 */
export function reportPage(experiments: readonly Experiment[]): string {
  const titles = experimentTitles(experiments.map(({ common }) => common))
  const runs = experiments.flatMap(({ networks }) => networks.flatMap(({ rows }) => rows.flatMap((row) => row.runs)))
  const count = new Set(runs.map(({ run }) => run)).size
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="color-scheme" content="light dark">
<title>lowbit: accuracies at 2 to 8 bits</title>
<style>
${trusted(pageStyle())}</style>
</head>
<body>
<header class="page">
<p class="name">lowbit</p>
<h1>Accuracies at 2 to 8 bits</h1>
<p>What became of ${formatCount(count)} training runs: float networks, and the same networks quantized under each schedule, beside \
what <cite>Neuron-by-Neuron Quantization for Efficient Low-Bit QNN Training</cite> (Sher, Trusov, Limonova, Nikolaev, Arlazarov; \
Mathematics 2023, 11(9), 2112) says of them. Only runs that differ in nothing but network, width, method and seed stand in one table; settings that are not a method's defaults stand \
behind its name.</p>
</header>
<nav class="wide" aria-label="Experiments"><table class="contents">
<thead><tr><th scope="col" class="text">experiment</th><th scope="col" class="text">network</th><th scope="col">runs</th>\
<th scope="col" class="text">claims</th></tr></thead>
${experiments.map((experiment, i) => contentsRows(experiment, titles[i]!, idOf(i)))}</table></nav>
<main>
${experiments.map((experiment, i) => experimentSection(experiment, titles[i]!, idOf(i)))}</main>
${reading()}</body>
</html>
`.markup
}

const idOf = (index: number) => `experiment-${index + 1}`

function contentsRows(experiment: Experiment, title: string, id: string): Markup {
  const { networks } = experiment
  return html`<tbody>
${networks.map((network, i) => {
  const runs = network.rows.reduce((sum, row) => sum + row.runs.length, 0)
  const head = html`<th scope="rowgroup" rowspan="${networks.length}"><a href="#${id}">${title}</a></th>`
  return html`<tr>${i === 0 && head}<td class="text"><a href="#${networkId(id, network)}">${network.network}</a></td>\
<td>${formatCount(runs)}</td><td class="text">${verdictCounts(network)}</td></tr>
`
})}</tbody>
`
}

function verdictCounts(network: NetworkRows): Markup[] {
  const claims = claimsOf(network)
  return (['holds', 'does not hold', 'undecided'] as const satisfies readonly Verdict[]).flatMap((verdict) => {
    const count = claims.filter((claim) => claim.verdict === verdict).length
    return count > 0 ? [verdictMark(verdict, `${count} ${COUNTED[verdict](count)}`), html` `] : []
  })
}

const COUNTED: Readonly<Record<Verdict, (count: number) => string>> = {
  holds: (count) => (count === 1 ? 'holds' : 'hold'),
  'does not hold': (count) => (count === 1 ? 'does not hold' : 'do not hold'),
  undecided: () => 'undecided',
}

function reading(): Markup {
  return html`<footer>
<h2>How to read it</h2>
<dl>
<div><dt>Accuracies</dt><dd>are percentages of images; a mean over seeds ± the sample standard deviation. The test images were looked at \
once, at a run's end; held-out images are set aside from the training images. Bold is the highest mean of a width, whether or not \
the difference means anything.</dd></div>
<div><dt>To float</dt><dd>is the mean difference in test accuracy to the float networks that the runs started from.</dd></div>
<div><dt>Drop</dt><dd>is the furthest that held-out accuracy fell below the best before it, the float network's included, looked at \
where stages begin and end.</dd></div>
<div><dt>Claims</dt><dd>are of means over seeds, paired: both runs of a difference start from the same float network. Means are given \
± their standard error, with the ${100 * CONFIDENCE} % interval of Student's t. A claim holds where the whole interval lies on the \
claimed side of its border, does not hold where it lies on the other, and is undecided else, or with fewer than ${MINIMUM_COUNT} \
seeds. Intervals and verdicts are of each claim alone: of forty that are not true, one is expected to hold by chance.</dd></div>
<div><dt>p</dt><dd>is the exact one-sided p-value of the sign-flip permutation test about the same border. It assumes no \
distribution, and with n seeds it is never below 1/2ⁿ: 0.125 with three.</dd></div>
<div><dt>p, Holm</dt><dd>is the same corrected for the number of claims in one block of its table: where it is below 0.05, chance alone \
would make any claim of the block look so in less than one of twenty such blocks.</dd></div>
<div><dt>Borders</dt><dd>of parity (0.3 points at 8 bits, 1 point at 4 to 7) and of a large drop (10 points) are ours: the paper \
says “comparable” and “no significant drops”. Its own figures are of a network that it does not name.</dd></div>
<div><dt>Times</dt><dd>are a run's seconds of computing, its looks at the held-out images included, on the machines listed with each \
experiment; several runs may have shared a machine.</dd></div>
</dl>
</footer>
`
}
