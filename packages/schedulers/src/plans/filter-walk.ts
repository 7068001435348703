import { filterGroups, type Grouping } from './filter-groups.js'
import { type LayerOrder, orderLayers } from './layer-order.js'
import type { Change, LayerShape } from './plan.js'
import type { StageContent } from './plan-of.js'

export interface FilterWalk extends Grouping {
  readonly order?: LayerOrder
  /**
   * Whether a layer's output activation is quantized with its last neurons, or (the default) with the next layer's
   * input, a stage later. All channels of an activation share one range, so they are quantized together.
   */
  readonly outputWithNeuron?: boolean
}

/** Layer after layer: its input with its first group of filters, then one group of filters a stage. */
export function filterWalk(
  layers: readonly LayerShape[],
  { order = 'forward', outputWithNeuron = false, ...grouping }: FilterWalk,
): StageContent[] {
  const quantizedInputs = new Set<string>()
  const inputOf = (layer: LayerShape): boolean => {
    const isNew = !quantizedInputs.has(layer.name)
    quantizedInputs.add(layer.name)
    return isNew
  }
  return orderLayers(layers, order).flatMap((layer) => {
    const groups = filterGroups(layer, grouping)
    return groups.map((filters, i) => {
      const quantize: Change[] = [{ layer: layer.name, filters, input: inputOf(layer) }]
      const next = layers[layers.findIndex(({ name }) => name === layer.name) + 1]
      if (outputWithNeuron && i === groups.length - 1 && next !== undefined && inputOf(next)) {
        quantize.push({ layer: next.name, filters: [0, 0], input: true })
      }
      return { name: `${layer.name} ${i + 1}/${groups.length}`, quantize }
    })
  })
}
