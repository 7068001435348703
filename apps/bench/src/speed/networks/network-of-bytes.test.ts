import { inputsOf, type Network } from '@lowbit/int-kernels/format'
import { runReference } from '@lowbit/int-kernels/reference'
import { networkBuilder, syntheticCnn } from '@lowbit/int-kernels/synthetic'
import { onnxGraph } from '@lowbit/models/onnx'
import { describe, expect, it } from 'vitest'
import { scatteredValue } from '../scattered-value.js'
import { networkOfBytes, withSignedWeights } from './network-of-bytes.js'

const image = Float32Array.from({ length: 32 * 32 * 3 }, (_, i) => scatteredValue(i))

/** Whose input is what: max-pool < quantize. */
const order = ({ nodes }: Network) =>
  nodes.map((node) => {
    const sources = inputsOf(node).map((input) => nodes.find(({ name }) => name === input)?.operator ?? 'input')
    return `${node.operator} < ${sources}`
  })

/** quantize, 3x3 convolution, max-pool, relu and a block with a shortcut. */
function residual(): Network {
  const { add, quantize, convolution, finish } = networkBuilder([32, 32, 3], 1)
  const padding = { top: 1, bottom: 1, left: 1, right: 1 }
  const shape = { size: [3, 3], padding, filters: 4, levels: 256 } as const
  const relu = (name: string, input: string) => add({ operator: 'clamp', name, input, minimum: 0, maximum: null })
  const stem = relu('relu', convolution(quantize('input', 256, 'signed'), { ...shape, channels: 3 }))
  const window = { size: [2, 2], stride: [2, 2], padding: { top: 0, bottom: 0, left: 0, right: 0 } } as const
  const x = add({ operator: 'max-pool', name: 'pool', input: stem, ...window })
  const inner = convolution(quantize(x, 256, 'positive'), { ...shape, channels: 4 })
  const sum = relu('out', add({ operator: 'add', name: 'sum', inputs: [inner, x] }))
  const outer = convolution(quantize(sum, 256, 'positive'), { ...shape, channels: 4 })
  return finish(add({ operator: 'global-average-pool', name: 'mean', input: outer }))
}

describe('an 8-bit network as onnxruntime would quantize it', () => {
  it('pools codes, and computes what it did', () => {
    const network = syntheticCnn('CNN6', { bits: 8 })
    const bytes = networkOfBytes(network)
    expect(order(network)).toContain('max-pool < conv2d')
    expect(order(bytes)).toContain('max-pool < quantize')
    expect(order(bytes)).not.toContain('max-pool < conv2d')
    expect(runReference(bytes, image)).toEqual(runReference(network, image))
  })

  it('sums codes, up to their rounding', () => {
    const network = residual()
    const bytes = networkOfBytes(network)
    expect(order(network)).toContain('add < conv2d,max-pool')
    expect(order(bytes)).toContain('add < dequantize,dequantize')
    expect(order(bytes)).toContain('quantize < add')
    const [before, after] = [runReference(network, image), runReference(bytes, image)]
    const largest = Math.max(...before.map(Math.abs))
    for (const [i, value] of after.entries()) expect(Math.abs(value - before[i]!)).toBeLessThan(0.1 * largest)
  })
})

describe('signed weights', () => {
  it('stand for the same numbers, but for those beyond a byte', () => {
    const graph = onnxGraph(residual())
    const weights = ({ calls }: typeof graph) =>
      calls.flatMap(({ opType, inputs: [codes, scale, zero] }) => {
        if (opType !== 'DequantizeLinear' || typeof codes !== 'object' || typeof zero !== 'object') return []
        if (typeof scale !== 'object' || codes.shape.length !== 4) return []
        return [...codes.data].map((code) => Number(scale.data[0]) * (Number(code) - Number(zero.data[0])))
      })
    const signed = withSignedWeights(graph)
    const [before, after] = [weights(graph), weights(signed)]
    expect(before.length).toBeGreaterThan(300)
    const different = before.filter((value, i) => value !== after[i])
    expect(different.length).toBeLessThan(before.length / 50)
    expect(
      signed.calls.some(({ inputs }) =>
        inputs.some((input) => typeof input === 'object' && input.data instanceof Int8Array),
      ),
    ).toBe(true)
  })
})
