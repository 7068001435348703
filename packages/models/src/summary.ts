import { QuantizedLayer } from '@lowbit/quantizers/tfjs'
import * as tf from '@tensorflow/tfjs'
import { type LayerCall, layerGraph } from './layer-graph.js'

/** What one layer of a model costs. Plain data. */
export interface LayerSummary {
  readonly name: string
  /** tfjs's class name. */
  readonly kind: string
  /** Of one image; null where the model leaves a size open. */
  readonly outputShape: readonly (number | null)[]
  /** log2 of the levels of what it reads, 32 where that is float; null for layers that multiply by no kernel. */
  readonly inputBits: number | null
  /** log2 of the levels of the quantized part of its kernel, 32 where all of it is float; null for layers without a kernel. */
  readonly weightBits: number | null
  /** How much of the kernel is quantized, 0..1. */
  readonly quantized: number
  /** What training learns: kernels, biases, gammas, betas. */
  readonly parameters: number
  /** What its weights take: codes packed at ceil(log2(levels)) bits, the rest in 32 bits, with the statistics of batch norms. */
  readonly bytes: number
  /** Multiplications with a weight for one image; NaN where the model leaves a size open. */
  readonly macs: number
}

/** A row for every layer of a model, each after those that it reads. */
export function layerSummaries(model: tf.LayersModel): readonly LayerSummary[] {
  return layerGraph(model).map(layerSummary)
}

/** {@link layerSummaries} as a table to be read, with totals. */
export function summary(model: tf.LayersModel): string {
  const layers = layerSummaries(model)
  const total = (of: (layer: LayerSummary) => number) => layers.reduce((sum, layer) => sum + of(layer), 0)
  const rows = [
    ['layer', 'kind', 'output', 'bits in/weights', 'parameters', 'bytes', 'MACs'],
    ...layers.map((layer) => [
      layer.name,
      layer.kind,
      layer.outputShape.map((size) => size ?? '?').join('x'),
      bits(layer),
      count(layer.parameters),
      count(layer.bytes),
      count(layer.macs),
    ]),
    ['total', '', '', '', ...[total((l) => l.parameters), total((l) => l.bytes), total((l) => l.macs)].map(count)],
  ]
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const lines = rows.map((row) =>
    row.map((cell, column) => (column < 4 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join('  '),
  )
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`
}

function layerSummary({ layer, shape }: LayerCall): LayerSummary {
  const sizes = layer.weights.map((weight) => ({
    name: weight.originalName.slice(weight.originalName.lastIndexOf('/') + 1),
    size: tf.util.sizeFromShape(weight.shape.map((size) => size!)),
  }))
  const stored = sizes.filter(({ name }) => !/_(mask|step)$/.test(name)).reduce((sum, { size }) => sum + size, 0)
  const parameters = sizes.filter(({ name }) => learned.has(name)).reduce((sum, { size }) => sum + size, 0)
  const kernel = sizes.filter(({ name }) => name.endsWith('kernel')).reduce((sum, { size }) => sum + size, 0)
  const { inputLevels, weightLevels, quantized } = quantizationOf(layer)
  const packedBits = Math.ceil(Math.log2(weightLevels ?? 1)) * quantized
  // Each weight of a kernel meets every place of the output once.
  const places = shape.slice(0, -1).reduce<number>((product, size) => product * (size ?? Number.NaN), 1)
  return {
    name: layer.name,
    kind: layer.getClassName(),
    outputShape: shape,
    inputBits: kernel === 0 ? null : inputLevels === undefined ? 32 : Math.log2(inputLevels),
    weightBits: kernel === 0 ? null : weightLevels === undefined ? 32 : Math.log2(weightLevels),
    quantized: kernel === 0 ? 0 : quantized / kernel,
    parameters,
    bytes: 4 * (stored - quantized) + Math.ceil(packedBits / 8),
    macs: kernel === 0 ? 0 : kernel * places,
  }
}

const learned: ReadonlySet<string> = new Set([
  'kernel',
  'depthwise_kernel',
  'pointwise_kernel',
  'bias',
  'gamma',
  'beta',
])

/** Levels where they are quantized, and how many weights are. */
function quantizationOf(layer: tf.layers.Layer): { inputLevels?: number; weightLevels?: number; quantized: number } {
  if (!(layer instanceof QuantizedLayer)) return { quantized: 0 }
  const { inputRange, weightRange } = layer
  const mask = layer.kernelMask.read().dataSync<'float32'>()
  const quantized = weightRange === null ? 0 : mask.reduce((sum, flag) => sum + flag, 0)
  return {
    ...(inputRange && { inputLevels: inputRange.levels }),
    ...(weightRange && quantized > 0 && { weightLevels: weightRange.levels }),
    quantized,
  }
}

function bits({ inputBits, weightBits, quantized }: LayerSummary): string {
  if (inputBits === null || weightBits === null) return ''
  const partly = quantized > 0 && quantized < 1 ? ` (${Math.round(100 * quantized)} %)` : ''
  return `${short(inputBits)}/${short(weightBits)}${partly}`
}

const short = (bits: number): string => (Number.isInteger(bits) ? String(bits) : bits.toFixed(1))

/** 12345 -> 12,345; nothing for 0. */
const count = (value: number): string =>
  Number.isNaN(value) ? '?' : value === 0 ? '' : String(value).replace(/\B(?=(\d{3})+$)/g, ',')
