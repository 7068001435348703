import type { Engine } from '../engine.js'
import { inferValues } from '../format/check-network.js'
import { type Conv2d, type Dense, type Network, noPadding, type Padding, type Value } from '../format/index.js'
import { chooseConvolution } from '../kernels/choose-kernel.js'
import { convolutionLayer } from './convolution-layer.js'
import { widest } from './layout.js'
import type { Plan } from './plan.js'
import { planDepthwise } from './plan-depthwise.js'
import { planDirect } from './plan-direct.js'
import { planElementwise, planFlatten, planPadChannels } from './plan-elementwise.js'
import { planFloatConvolution } from './plan-float-convolution.js'
import { planLookup } from './plan-lookup.js'
import { planAveragePool, planMaxPool } from './plan-pool.js'
import { planWinograd } from './plan-winograd.js'
import { type Planning, planning } from './planning.js'
import { simplify } from './simplify.js'
import { type Stage, stagesOf, unflattened } from './stages.js'

/** Turns a network into calls of kernels for an engine. The network has passed `checkNetwork`. */
export function planNetwork(network: Network, engine: Engine): Plan {
  const simple = simplify(network)
  const values = inferValues(simple)
  const stages = stagesOf(simple)
  const plan = planning(engine, values, simple.input.name, halosOf(stages))
  planBorder(plan, simple.input.name)
  for (const stage of stages) {
    planBorders(plan, stage)
    planStage(plan, stage, values)
  }
  return plan.finish(unflattened(simple)(simple.output))
}

/** What convolutions read around the values that they take. */
function halosOf(stages: readonly Stage[]): ReadonlyMap<string, Padding> {
  const halos = new Map<string, Padding>()
  for (const { input, producer } of stages) {
    if (producer.operator !== 'conv2d' && producer.operator !== 'float-conv2d') continue
    halos.set(input, widest(halos.get(input) ?? noPadding, producer.padding))
  }
  return halos
}

function planStage(plan: Planning, stage: Stage, values: ReadonlyMap<string, Value>): void {
  const { producer } = stage
  switch (producer.operator) {
    case 'conv2d':
    case 'dense':
      planConvolution(plan, stage, producer, values)
      break
    case 'float-conv2d':
    case 'float-dense':
      planFloatConvolution(plan, stage, producer)
      break
    case 'max-pool':
      planMaxPool(plan, stage, producer)
      break
    case 'average-pool':
    case 'global-average-pool':
      planAveragePool(plan, stage, producer)
      break
    case 'pad-channels':
      planPadChannels(plan, stage, producer)
      break
    case 'flatten':
      planFlatten(plan, stage)
      break
    case 'dequantize':
      planElementwise(plan, stage, 'codes')
      break
    case 'load':
      planElementwise(plan, stage, 'floats')
      break
  }
}

function planConvolution(plan: Planning, stage: Stage, node: Conv2d | Dense, values: ReadonlyMap<string, Value>): void {
  const layer = convolutionLayer(node, values.get(stage.input)!.shape, plan.range(stage.input))
  plan.largestSum(node.name, layer.facts.largestSum)
  const choice = chooseConvolution(layer.facts, plan.engine)
  switch (choice.kernel) {
    case 'depthwise-convolution':
      planDepthwise(plan, stage, layer)
      break
    case 'winograd-convolution':
      planWinograd(plan, stage, layer, choice.arithmetic)
      break
    case 'lookup-convolution':
      planLookup(plan, stage, layer)
      break
    case 'direct-convolution':
      planDirect(plan, stage, layer, choice)
      break
  }
}

/** Fills what lies around the values that a stage writes: zeros for the convolutions that read them. */
function planBorders(plan: Planning, { producer, tail }: Stage): void {
  const written = [producer, ...tail].flatMap((node) =>
    node.operator === 'quantize' ||
    node.operator === 'store' ||
    node.operator === 'max-pool' ||
    node.operator === 'pad-channels'
      ? [node.name]
      : [],
  )
  for (const name of written) planBorder(plan, name)
}

function planBorder(plan: Planning, name: string): void {
  const { kind, halo, height, width, row, pixel, origin } = plan.layout(name)
  if (halo.top + halo.bottom + halo.left + halo.right === 0) return
  const { zeroPoint, minimum } = kind === 'codes' ? plan.range(name) : { zeroPoint: 0, minimum: 0 }
  const kernel = {
    kernel: 'border',
    byte: zeroPoint - minimum,
    before: origin,
    rows: height,
    inside: width * pixel,
    between: (halo.left + halo.right) * pixel,
    after: halo.right * pixel + halo.bottom * row,
  } as const
  plan.call(name, kernel, { buffer: { buffer: name, offset: 0 } })
}
