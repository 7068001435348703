import { type FilterWalk, type LayerOrder, leastSensitiveFirst, type StagedPlanOptions } from '@lowbit/schedulers'
import type { FloatNetwork } from './method.js'
import type { Settings } from './settings.js'

/** How the rate runs: multiples of the learning rate, `LearningRates` of `@lowbit/schedulers` one number each. */
export const rateSettings = { acrossFrom: 1, acrossTo: 1, withinTo: 1, wholeFrom: 1, wholeTo: 1 } as const

/** What a method can be told that goes layer by layer: options of the schedules, by their names. */
export const layerWalkSettings = {
  order: ['forward', 'backward', 'sensitivity'],
  estimateRanges: ['once', 'whole', 'stage'],
  ...rateSettings,
} as const

/** The same for a method that goes by groups of filters. */
export const filterWalkSettings = {
  ...layerWalkSettings,
  /** 0: as many groups a layer as the run says. */
  groupSize: 0,
  outputWithNeuron: ['no', 'yes'],
} as const

export function ratesOf(settings: Settings<typeof rateSettings>): Pick<StagedPlanOptions, 'learningRate'> {
  const { acrossFrom, acrossTo, withinTo, wholeFrom, wholeTo } = settings
  return { learningRate: { across: [acrossFrom, acrossTo], within: [1, withinTo], whole: [wholeFrom, wholeTo] } }
}

export async function layerWalk(
  settings: Settings<typeof layerWalkSettings>,
  network: FloatNetwork,
): Promise<Pick<StagedPlanOptions, 'estimateRanges' | 'learningRate'> & { readonly order: LayerOrder }> {
  const { order, estimateRanges } = settings
  return {
    order: order === 'sensitivity' ? leastSensitiveFirst(await network.sensitivities()) : order,
    estimateRanges,
    ...ratesOf(settings),
  }
}

export async function filterWalk(
  settings: Settings<typeof filterWalkSettings>,
  groups: number,
  network: FloatNetwork,
): Promise<FilterWalk & Pick<StagedPlanOptions, 'estimateRanges' | 'learningRate'>> {
  const { groupSize, outputWithNeuron } = settings
  return {
    ...(await layerWalk(settings, network)),
    ...(groupSize === 0 ? { groups } : { groupSize }),
    outputWithNeuron: outputWithNeuron === 'yes',
  }
}
