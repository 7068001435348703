import { claimsOf } from './claims.js'
import { claimsTable } from './claims-table.js'
import { commandOf } from './commands.js'
import { environmentsOf } from './environments.js'
import { describeExperiment, flatSettings, warningOf } from './experiment-title.js'
import { type Experiment, isFloat, type NetworkRows } from './experiments.js'
import { html, type Markup } from './html.js'
import { networkFigures } from './network-figures.js'
import { formatCount } from './number-format.js'
import { resultsTable } from './results-table.js'

/** Everything about one experiment: claims, tables, figures, commands, settings. `id` names it within the page. */
export function experimentSection(experiment: Experiment, title: string, id: string): Markup {
  const { common, networks } = experiment
  const warning = warningOf(common)
  return html`<section id="${id}" aria-labelledby="${id}-heading">
<header>
<h2 id="${id}-heading">${title}</h2>
<p>${describeExperiment(common)}.</p>
${warning !== undefined && html`<p class="notice">${warning}</p>\n`}\
${common.baseline.data.name === 'generated' && GENERATED}</header>
${networks.map((network) => networkArticle(network, networkId(id, network), title))}\
<details>
<summary>Where it was computed</summary>
${environmentsTable(experiment)}</details>
<details>
<summary>All settings</summary>
<dl class="settings">
${flatSettings(common).map(([path, value]) => html`<div><dt>${path}</dt><dd>${value}</dd></div>\n`)}</dl>
</details>
</section>
`
}

export const networkId = (experimentId: string, { network }: NetworkRows) => `${experimentId}-${network.toLowerCase()}`

const GENERATED = html`<p class="notice">The program draws these images itself: the figures show that everything works and \
are no reproduction of the paper's, which are of CIFAR-10.</p>
`

function networkArticle(network: NetworkRows, id: string, title: string): Markup {
  const claims = claimsOf(network)
  return html`<article aria-labelledby="${id}">
<h3 id="${id}">${network.network} <small>${title}</small></h3>
${claims.length > 0 && claimsTable(claims, `Claims: ${network.network}, ${title}`)}\
${resultsTable(network, `Accuracies: ${network.network}, ${title}`)}\
${networkFigures(network, id, title)}\
${commands(network)}</article>
`
}

function commands({ rows }: NetworkRows): Markup {
  return html`<details>
<summary>The command that repeats each row</summary>
<p>Each makes the float baselines that it needs; runs that are finished in <code>--out</code> are not done again.</p>
<dl class="commands">
${rows
  .filter((row) => !isFloat(row))
  .map((row) => {
    const command = commandOf(row)
    const how = command === undefined ? 'reproduce has no options for these settings' : html`<code>${command}</code>`
    return html`<div><dt>${row.bits} bits, ${row.method}</dt><dd>${how}</dd></div>\n`
  })}</dl>
</details>
`
}

function environmentsTable(experiment: Experiment): Markup {
  return html`<div class="wide"><table class="environments">
<thead><tr><th scope="col">runs</th><th scope="col" class="text">processor</th><th scope="col">cores</th>\
<th scope="col" class="text">platform</th><th scope="col" class="text">Node</th><th scope="col" class="text">tfjs</th>\
<th scope="col" class="text">lowbit</th><th scope="col" class="text">kernels</th></tr></thead>
<tbody>
${environmentsOf(experiment).map(
  ({ runs, environment: { cpu, cores, platform, node, v8, tfjs, lowbit, backend, kernels } }) =>
    html`<tr><td>${formatCount(runs)}</td><td class="text">${cpu}</td><td>${cores}</td><td class="text">${platform}</td>\
<td class="text">${node}, V8 ${v8}</td><td class="text">${tfjs}, ${backend}</td><td class="text">${lowbit}</td>\
<td class="text">${kernels}</td></tr>\n`,
)}</tbody>
</table></div>
`
}
