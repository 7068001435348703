import type { Dense, Node } from '@lowbit/int-kernels/format'
import { combinedScale, integerBounds, quantize, quantizeBias, rangeOfChannel } from '@lowbit/quantizers'
import type { QuantizedConv2D, QuantizedDense } from '@lowbit/quantizers/tfjs'
import { floatConv2d, floatDense, kernelSize, weight, withActivation } from './float-lowerings.js'
import { cannotLower, type Lowering } from './lowering.js'
import { windowOf } from './window-of.js'

type QuantizedLayer = QuantizedConv2D | QuantizedDense

/** The lowering of a quantized layer, by its class: a quantizer of its input, then the integers. */
export const quantizedLowerings: Readonly<Record<string, Lowering>> = {
  QuantizedConv2D(layer, [image]) {
    const window = windowOf(layer, image!, kernelSize(layer))
    const { input, nodes, integers } = quantizedParts(layer as QuantizedConv2D, image!.value)
    if (integers === undefined) return [...nodes, ...floatConv2d(layer, input, window)]
    return [
      ...nodes,
      ...withActivation(layer, { operator: 'conv2d', name: layer.name, input, ...integers, ...window, groups: 1 }),
    ]
  },
  QuantizedDense(layer, [vector]) {
    const { input, nodes, integers } = quantizedParts(layer as QuantizedDense, vector!.value)
    if (integers === undefined) return [...nodes, ...floatDense(layer, input)]
    return [...nodes, ...withActivation(layer, { operator: 'dense', name: layer.name, input, ...integers })]
  },
}

type Integers = Pick<Dense, 'weights' | 'bias' | 'scale'>

/** What makes a quantized layer's input from `value`, and its integers; none while the whole layer is float. */
function quantizedParts(
  layer: QuantizedLayer,
  value: string,
): { readonly input: string; readonly nodes: readonly Node[]; readonly integers?: Integers } {
  const { inputRange, weightRange, inputActivation, strength } = layer
  if (inputRange === null && weightRange === null) {
    if (inputActivation === null) return { input: value, nodes: [] }
    const { minimum, maximum = null } = inputActivation
    const name = `${layer.name}.input`
    return { input: name, nodes: [{ operator: 'clamp', name, input: value, minimum, maximum }] }
  }
  if (inputRange === null) throw cannotLower(layer, 'has quantized weights and a float input')
  if (strength !== 1) throw cannotLower(layer, `is quantized with strength ${strength}; expected 1`)
  const input = `${layer.name}.input`
  const { minimum, maximum } = integerBounds(inputRange, inputActivation ?? {})
  const { scale, zeroPoint, levels } = inputRange
  const nodes: Node[] = [
    {
      operator: 'quantize',
      name: input,
      input: value,
      scale,
      zeroPoint,
      levels,
      minimum: minimum + zeroPoint,
      maximum: maximum + zeroPoint,
    },
  ]
  return { input, nodes, integers: integersOf(layer, scale) }
}

function integersOf(layer: QuantizedLayer, inputScale: number): Integers {
  const { weightRange, filters } = layer
  if (weightRange === null) throw cannotLower(layer, 'has a quantized input and float weights')
  refuseFloatFilters(layer, 'kernel_mask', 'weights')
  refuseFloatFilters(layer, 'bias_mask', 'biases')
  const kernel = weight(layer, 'kernel')!
  const bias = weight(layer, 'bias')?.values ?? new Float32Array(filters)
  const ranges = Array.from(bias, (_, filter) => rangeOfChannel(weightRange, filter))
  const distinct = 'axis' in weightRange ? ranges : ranges.slice(0, 1)
  return {
    weights: {
      codes: quantize(kernel.values, weightRange, kernel.shape),
      shape: kernel.shape,
      levels: weightRange.levels,
      zeroPoint: Uint8Array.from(distinct, ({ zeroPoint }) => zeroPoint),
    },
    bias: Int32Array.from(bias, (b, filter) => integerBias(layer, quantizeBias(b, inputScale, ranges[filter]!.scale))),
    scale: Float32Array.from(distinct, ({ scale }) => combinedScale(inputScale, scale)),
  }
}

function refuseFloatFilters(layer: QuantizedLayer, mask: string, what: string): void {
  const values = weight(layer, mask)?.values ?? []
  const missing = values.filter((quantized) => quantized !== 1).length
  if (missing > 0) throw cannotLower(layer, `has ${missing} of ${values.length} ${what} still float`)
}

function integerBias(layer: QuantizedLayer, bias: number): number {
  if (Math.abs(bias) > 0x7fff_ffff)
    throw cannotLower(layer, `has the bias ${bias} in units of its scale; expected 32 bits`)
  return bias
}
