import { stringify } from 'safe-stable-stringify'
import { accuraciesTable, accuracyCell } from './accuracies-table.js'
import { describeData, experimentLabels } from './experiment-title.js'
import { type Experiment, isFloat, type NetworkRows } from './experiments.js'
import { summarize } from './row-summary.js'

/**
 * All accuracies at a glance, as Markdown: one table for the quantized runs of a network, whatever their budget, that start from
 * float networks of the same settings.
 */
export function overview(experiments: readonly Experiment[]): string {
  const tables = new Map<string, Part[]>()
  for (const { common, networks } of experiments) {
    for (const network of networks) {
      const key = stringify([network.network, common.baseline])
      tables.set(key, [...(tables.get(key) ?? []), { common, network }])
    }
  }
  return [...tables.values()]
    .sort(([a], [b]) => a!.network.network.localeCompare(b!.network.network, 'en', { numeric: true }))
    .map(networkOverview)
    .join('\n\n')
}

interface Part {
  readonly common: Experiment['common']
  readonly network: NetworkRows
}

function networkOverview(parts: readonly Part[]): string {
  const { common, network } = parts[0]!
  const float = network.rows.find(isFloat)
  const { epochs } = common.baseline.training
  const caption =
    `**${network.network}, ${describeData(common.baseline)}**: test accuracy in %, mean ± standard deviation (seeds). ` +
    `Float, ${epochs} epochs: ${float ? accuracyCell(summarize(float, float)) : 'none'}.`
  const quantized = parts.filter((part) => part.common.training !== undefined)
  if (quantized.length === 0) return caption
  const labels = experimentLabels(quantized.map((part) => part.common))
  const groups = quantized.map((part, i) => ({
    label: labels[i]!,
    rows: part.network.rows.filter((row) => !isFloat(row)),
  }))
  return `${caption}\n\n${accuraciesTable(groups, 'quantized epochs')}`
}
