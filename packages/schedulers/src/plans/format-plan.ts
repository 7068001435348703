import { type Change, type LayerShape, type Plan, type Stage, totalSteps } from './plan.js'

/** A plan as a table of text: one line a stage, what it quantizes, what trains, its steps and learning rate. */
export function formatPlan(plan: Plan): string {
  const rows = plan.stages.map((stage, i) => [
    String(i + 1),
    stage.name,
    describeChanges(stage, plan.layers),
    stage.train,
    String(stage.steps),
    describeRate(stage.learningRate),
  ])
  const head = ['stage', 'name', 'quantizes', 'trains', 'steps', 'rate']
  const widths = head.map((title, column) =>
    Math.max(...[head, ...rows].map((row) => row[column]!.length), title.length),
  )
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column === 4 ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
      .join('  ')
      .trimEnd()
  const stages = plan.stages.length === 1 ? '1 stage' : `${plan.stages.length} stages`
  return [`${plan.method}: ${totalSteps(plan)} steps in ${stages}`, line(head), ...rows.map(line)].join('\n')
}

/** Layers with the same change share one entry: `conv1, conv2: input + all filters`. */
function describeChanges({ quantize, estimateRanges = [] }: Stage, layers: readonly LayerShape[]): string {
  const entries = new Map<string, string[]>()
  for (const change of quantize) {
    const what = describeChange(change, layers)
    entries.set(what, [...(entries.get(what) ?? []), change.layer])
  }
  if (estimateRanges.length > 0) entries.set('ranges anew', [...estimateRanges])
  const name = (names: string[]) =>
    names.length > 1 && names.length === layers.length ? 'all layers' : names.join(', ')
  return [...entries].map(([what, names]) => `${name(names)}: ${what}`).join('; ') || '-'
}

function describeChange(
  { layer, filters: [from, to], input, fraction }: Change,
  layers: readonly LayerShape[],
): string {
  const all = to - from === layers.find(({ name }) => name === layer)?.filters
  const filters = all ? 'all filters' : from + 1 === to ? `filter ${from}` : `filters ${from}-${to - 1}`
  const weights = fraction === undefined ? filters : `${(100 * fraction).toFixed(1).replace('.0', '')} % of weights`
  return [...(input ? ['input'] : []), ...(from < to ? [weights] : [])].join(' + ')
}

function describeRate([from, to]: readonly [number, number]): string {
  const short = (rate: number) => String(Number(rate.toPrecision(3)))
  return from === to ? short(from) : `${short(from)} to ${short(to)}`
}
