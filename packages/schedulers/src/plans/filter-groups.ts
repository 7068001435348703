import { SchedulerError } from '../scheduler-error.js'
import type { LayerShape } from './plan.js'

/** How a layer's filters are grouped: into so many groups a layer (default 4), or into groups of so many filters. */
export interface Grouping {
  readonly groups?: number
  readonly groupSize?: number
}

/**
 * Cuts a layer's filters into consecutive groups `[from, to)` whose sizes differ by one at most: `groups` of them, one
 * a filter where the layer has fewer filters, or as many as it takes for none to be larger than `groupSize`.
 */
export function filterGroups(layer: LayerShape, { groups, groupSize }: Grouping): [from: number, to: number][] {
  if (groups !== undefined && groupSize !== undefined) {
    throw new SchedulerError('OPTION', `groups is ${groups} and groupSize is ${groupSize}; expected one of the two`)
  }
  for (const [name, value] of Object.entries({ groups, groupSize })) {
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= 1)) {
      throw new SchedulerError('OPTION', `${name} is ${value}; expected a whole number >= 1`)
    }
  }
  const count = groupSize === undefined ? Math.min(groups ?? 4, layer.filters) : Math.ceil(layer.filters / groupSize)
  const edge = (i: number) => Math.floor((i * layer.filters) / count)
  return Array.from({ length: count }, (_, i) => [edge(i), edge(i + 1)])
}
