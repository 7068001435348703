import { expect, it } from 'vitest'
import { direct } from './direct.js'
import { filterByFilter } from './filter-by-filter.js'
import { formatPlan } from './format-plan.js'
import { incremental } from './incremental.js'
import { layerByLayer } from './layer-by-layer.js'
import { neuronByNeuron } from './neuron-by-neuron.js'

const layers = [
  { name: 'conv1', filters: 8, weightsPerFilter: 72 },
  { name: 'fc1', filters: 3, weightsPerFilter: 160 },
]

it('prints the schedules as tables', () => {
  const print = (plan: Parameters<typeof formatPlan>[0]) => `\n${formatPlan(plan)}\n`
  expect(print(direct(layers, { steps: 100 }))).toMatchInlineSnapshot(`
    "
    direct: 100 steps in 1 stage
    stage  name        quantizes                        trains  steps  rate
    1      all layers  all layers: input + all filters  all       100  1
    "
  `)
  expect(print(layerByLayer(layers, { steps: 101 }))).toMatchInlineSnapshot(`
    "
    layer: 101 steps in 2 stages
    stage  name   quantizes                   trains  steps  rate
    1      conv1  conv1: input + all filters  rest       51  1
    2      fc1    fc1: input + all filters    rest       50  1
    "
  `)
  expect(
    print(
      filterByFilter(layers, { steps: 100, groups: 2, outputWithNeuron: true, learningRate: { within: [1, 0.1] } }),
    ),
  ).toMatchInlineSnapshot(`
    "
    filter: 100 steps in 4 stages
    stage  name       quantizes                       trains  steps  rate
    1      conv1 1/2  conv1: input + filters 0-3      rest       25  1 to 0.1
    2      conv1 2/2  conv1: filters 4-7; fc1: input  rest       25  1 to 0.1
    3      fc1 1/2    fc1: filter 0                   rest       25  1 to 0.1
    4      fc1 2/2    fc1: filters 1-2                rest       25  1 to 0.1
    "
  `)
  expect(
    print(
      neuronByNeuron(layers, {
        steps: 100,
        groupSize: 3,
        estimateRanges: 'whole',
        learningRate: { across: [1, 0.5], whole: [0.5, 0] },
      }),
    ),
  ).toMatchInlineSnapshot(`
    "
    neuron: 100 steps in 5 stages
    stage  name       quantizes                   trains  steps  rate
    1      conv1 1/3  conv1: input + filters 0-1  all        13  1
    2      conv1 2/3  conv1: filters 2-4          all        13  0.833
    3      conv1 3/3  conv1: filters 5-7          all        12  0.667
    4      fc1 1/1    fc1: input + all filters    all        12  0.5
    5      whole      all layers: ranges anew     all        50  0.5 to 0
    "
  `)
  expect(print(incremental(layers, { steps: 100 }))).toMatchInlineSnapshot(`
    "
    incremental: 100 steps in 4 stages
    stage  name    quantizes                            trains  steps  rate
    1      50 %    all layers: input + 50 % of weights  rest       25  1
    2      75 %    all layers: 75 % of weights          rest       25  1
    3      87.5 %  all layers: 87.5 % of weights        rest       25  1
    4      100 %   all layers: 100 % of weights         rest       25  1
    "
  `)
})
