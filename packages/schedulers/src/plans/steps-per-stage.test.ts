import { expect, it } from 'vitest'
import { direct } from './direct.js'
import { layerByLayer } from './layer-by-layer.js'
import { neuronByNeuron } from './neuron-by-neuron.js'
import { totalSteps } from './plan.js'
import { stepsPerStage } from './steps-per-stage.js'

const layers = [
  { name: 'conv1', filters: 8, weightsPerFilter: 72 },
  { name: 'conv2', filters: 8, weightsPerFilter: 72 },
]
const steps = (plan: Parameters<typeof stepsPerStage>[0]) => plan.stages.map((stage) => stage.steps)

it('gives every stage the same steps, and the fully quantized stretch its own', () => {
  const neuron = neuronByNeuron(layers, { steps: 100, groups: 2 })
  expect(steps(stepsPerStage(neuron, 7))).toEqual([7, 7, 7, 7, 7])
  expect(steps(stepsPerStage(neuron, 7, { whole: 50 }))).toEqual([7, 7, 7, 7, 50])
  expect(steps(stepsPerStage(direct(layers, { steps: 100 }), 7, { whole: 50 }))).toEqual([50])
  expect(totalSteps(stepsPerStage(layerByLayer(layers, { steps: 100 }), 7, { whole: 50 }))).toBe(14)
  expect(steps(neuron)).toEqual([13, 13, 12, 12, 50])
  // Without a last stretch, the last stage quantizes too and is one like the others.
  const completing = neuronByNeuron(layers, { steps: 100, groups: 2, wholeShare: 0 })
  expect(steps(stepsPerStage(completing, 7, { whole: 50 }))).toEqual([7, 7, 7, 7])
})
