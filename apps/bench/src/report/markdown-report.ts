import { markdownTable } from 'markdown-table'
import { accuraciesTable, accuracyCell } from './accuracies-table.js'
import { type Claim, claimsOf, lacksSeeds } from './claims.js'
import { intervalText, meanText } from './claims-table.js'
import { commandsOf } from './commands.js'
import { describeExperiment, experimentTitles, warningOf } from './experiment-title.js'
import { type Experiment, isFloat, type NetworkRows } from './experiments.js'
import { formatDifference, formatNumberList, formatPValue } from './number-format.js'
import { summarize } from './row-summary.js'

/** The tables as Markdown: the same experiments give the same bytes. */
export function markdownReport(experiments: readonly Experiment[]): string {
  const titles = experimentTitles(experiments.map(({ common }) => common))
  const parts = experiments.flatMap((experiment, i) =>
    experiment.networks.map((network) => networkPart(experiment, network, titles[i]!)),
  )
  const hasClaims = experiments.some(({ common }) => common.training !== undefined)
  return [...parts, ...(hasClaims ? [READING] : [])].join('\n\n')
}

const READING =
  'Claims are of means over seeds ± their standard error, in points; differences are between runs that start from one float ' +
  'network. A claim holds where the whole 95 % interval of Student’s t lies on the claimed side, does not hold where it lies on ' +
  'the other, and is undecided else. p is that of the exact one-sided sign-flip test, never below 1/2ⁿ with n seeds; beside it ' +
  'stands p corrected by Holm for the claims of one kind in its table. Intervals and verdicts are of each claim alone.'

function networkPart(experiment: Experiment, network: NetworkRows, title: string): string {
  const quantized = network.rows.filter((row) => !isFloat(row))
  const float = network.rows.find(isFloat)
  const caption =
    `**${network.network}. ${title}**: test accuracy in %, mean ± standard deviation (seeds). ` +
    `${describeExperiment(experiment.common)}.${float ? ` Float: ${accuracyCell(summarize(float, float))}.` : ''}`
  if (quantized.length === 0) return caption
  const warning = warningOf(experiment.common)
  const claims = claimsOf(network)
  const commands = commandsOf(network)
  return [
    warning === undefined ? caption : `${caption} ${warning}`,
    accuraciesTable([{ rows: quantized }]),
    ...claimsPart(claims),
    ...(commands.length > 0 ? [`\`\`\`sh\n${commands.join('\n')}\n\`\`\``] : []),
  ].join('\n\n')
}

/** The claims as a table; those of too few seeds in a sentence. */
function claimsPart(claims: readonly Claim[]): string[] {
  const head = ['claim', 'bits', 'points', '95 % interval', 'paper', 'p', 'p, Holm', 'seeds', 'verdict']
  const lines = claims
    .filter((claim) => !lacksSeeds(claim))
    .map((claim) => [
      claim.statement,
      String(claim.bits),
      meanText(claim),
      intervalText(claim),
      claim.published === undefined ? '' : formatDifference(claim.published),
      formatPValue(claim.pValue),
      formatPValue(claim.correctedPValue),
      formatNumberList(claim.seeds),
      claim.verdict,
    ])
  const table = markdownTable([head, ...lines], { align: ['l', 'r', 'r', 'r', 'r', 'r', 'r', 'l', 'l'] })
  const lacking = lackingText(claims.filter(lacksSeeds))
  return [...(lines.length > 0 ? [table] : []), ...(lacking ? [`Undecided, for want of seeds: ${lacking}.`] : [])]
}

/** `neuron within 1 point of float at 5 and 6 bits (−0.66, +0.04); …` */
function lackingText(claims: readonly Claim[]): string {
  const statements = [...new Set(claims.map(({ statement }) => statement))]
  return statements
    .map((statement) => {
      const same = claims.filter((claim) => claim.statement === statement)
      const bits = same.map((claim) => claim.bits).join(', ')
      return `${statement} at ${bits} bits (${same.map(meanText).join(', ')})`
    })
    .join('; ')
}
