import { describe, expect, it } from 'vitest'
import { filterByFilter } from './filter-by-filter.js'
import { incremental } from './incremental.js'
import { layerByLayer } from './layer-by-layer.js'
import { neuronByNeuron } from './neuron-by-neuron.js'

const layers = ['conv1', 'conv2', 'conv3'].map((name) => ({ name, filters: 2, weightsPerFilter: 9 }))

describe('planOf', () => {
  it('multiplies the rates across the stages and within each, not in the last stretch', () => {
    const { stages } = layerByLayer(layers, {
      steps: 40,
      wholeShare: 0.25,
      learningRate: { across: [1, 0.5], within: [1, 0.1], whole: [0.3, 0] },
    })
    expect(stages.map((stage) => stage.learningRate)).toEqual([
      [1, 0.1],
      [0.75, 0.75 * 0.1],
      [0.5, 0.05],
      [0.3, 0],
    ])
    expect(stages.map((stage) => stage.train)).toEqual(['rest', 'rest', 'rest', 'all'])
    expect(stages.map((stage) => stage.steps)).toEqual([10, 10, 10, 10])
  })

  it('says when ranges are estimated anew', () => {
    const estimates = (estimateRanges: 'once' | 'whole' | 'stage') =>
      neuronByNeuron(layers.slice(0, 2), { steps: 8, groups: 2, estimateRanges }).stages.map((s) => s.estimateRanges)
    expect(estimates('once')).toEqual([undefined, undefined, undefined, undefined, undefined])
    expect(estimates('whole')).toEqual([undefined, undefined, undefined, undefined, ['conv1', 'conv2']])
    expect(estimates('stage')).toEqual([undefined, ['conv1'], ['conv1'], ['conv1', 'conv2'], ['conv1', 'conv2']])
  })

  it('quantizes an output with its last neurons, or a stage later with the next input', () => {
    const inputs = (outputWithNeuron: boolean) =>
      filterByFilter(layers, { steps: 6, groups: 2, outputWithNeuron }).stages.map((stage) =>
        stage.quantize.filter((change) => change.input).map((change) => change.layer),
      )
    expect(inputs(false)).toEqual([['conv1'], [], ['conv2'], [], ['conv3'], []])
    expect(inputs(true)).toEqual([['conv1'], ['conv2'], [], ['conv3'], [], []])
  })

  it('refuses options out of their range with what was expected', () => {
    expect(() => neuronByNeuron(layers, { steps: 8, wholeShare: 1 })).toThrow('neuron: wholeShare is 1; expected 0 <=')
    expect(() => layerByLayer(layers, { steps: 8, learningRate: { across: [1, -1] } })).toThrow(
      'layer: learningRate.across is [1,-1]; expected two numbers >= 0',
    )
    expect(() => filterByFilter(layers, { steps: 8, estimateRanges: 'stage' })).toThrow('would move frozen weights')
    expect(() => filterByFilter(layers, { steps: 8, estimateRanges: 'whole' })).toThrow('expected wholeShare > 0')
    expect(() => incremental(layers, { steps: 8, fractions: [0.5, 0.4, 1] })).toThrow('expected them to rise')
    expect(() => incremental(layers, { steps: 8, fractions: [0.5, 0.9] })).toThrow('from > 0 to 1')
    expect(() => incremental(layers, { steps: 8, fractions: [] })).toThrow('from > 0 to 1')
  })
})
