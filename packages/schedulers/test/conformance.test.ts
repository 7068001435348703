import { direct, filterByFilter, incremental, layerByLayer, neuronByNeuron, type Schedule } from '../src/plans/index.js'
import { conformsToSchedules } from './conformance.js'
import { outsideIn } from './outside-in.js'

const schedules: Record<string, Schedule> = {
  direct,
  layerByLayer,
  filterByFilter,
  neuronByNeuron,
  incremental,
  'layerByLayer, backward, last third whole': (layers, options) =>
    layerByLayer(layers, { ...options, order: 'backward', wholeShare: 1 / 3, estimateRanges: 'whole' }),
  'filterByFilter, one filter at a time': (layers, options) => filterByFilter(layers, { ...options, groupSize: 1 }),
  'neuronByNeuron by a list of names': (layers, options) =>
    neuronByNeuron(layers, { ...options, order: layers.map((layer) => layer.name).sort(), groupSize: 5 }),
  'neuronByNeuron with outputs, ranges anew each stage': (layers, options) =>
    neuronByNeuron(layers, { ...options, outputWithNeuron: true, estimateRanges: 'stage' }),
  'neuronByNeuron backward with outputs, falling rates': (layers, options) =>
    neuronByNeuron(layers, {
      ...options,
      order: 'backward',
      outputWithNeuron: true,
      learningRate: { across: [1, 0.3], within: [1, 0.1], whole: [0.5, 0] },
    }),
  'incremental in tenths, last half whole': (layers, options) =>
    incremental(layers, { ...options, fractions: Array.from({ length: 10 }, (_, i) => (i + 1) / 10), wholeShare: 0.5 }),
  outsideIn,
}

for (const [name, schedule] of Object.entries(schedules)) conformsToSchedules(name, schedule)
