import { SchedulerError } from '../scheduler-error.js'
import type { LayerShape } from './plan.js'

/** Order in which a schedule walks the layers: as the data flows, against it, or as named (`leastSensitiveFirst`, say). */
export type LayerOrder = 'forward' | 'backward' | readonly string[]

/**
 * The layers in that order.
 *
 * @throws SchedulerError `OPTION` where a list of names does not hold every layer exactly once.
 */
export function orderLayers(layers: readonly LayerShape[], order: LayerOrder): LayerShape[] {
  if (order === 'forward') return [...layers]
  if (order === 'backward') return [...layers].reverse()
  const byName = new Map(layers.map((layer) => [layer.name, layer]))
  const ordered = order.map((name) => byName.get(name))
  const found = ordered.filter((layer) => layer !== undefined)
  if (found.length !== order.length || new Set(order).size !== order.length || order.length !== layers.length) {
    throw new SchedulerError(
      'OPTION',
      `orderLayers(): order is [${order.join(', ')}]; expected each of ${[...byName.keys()].join(', ')} exactly once`,
    )
  }
  return found
}
