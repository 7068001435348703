import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { randomNetwork } from '../../test/random-network.js'
import { inferValues } from '../format/check-network.js'
import type { Network, Node } from '../format/index.js'
import { runReferenceValues } from '../reference/run-reference.js'
import { syntheticCnn } from '../synthetic/synthetic-cnn.js'
import { simplify } from './simplify.js'

const operators = ({ nodes }: Network): string[] => nodes.map(({ operator }) => operator)

const pool: Node = {
  operator: 'max-pool',
  name: 'pool',
  input: 'relu6',
  size: [2, 2],
  stride: [2, 2],
  padding: { top: 0, bottom: 0, left: 0, right: 0 },
}
const nodes: Node[] = [
  { operator: 'clamp', name: 'relu6', input: 'input', minimum: 0, maximum: 6 },
  pool,
  { operator: 'quantize', name: 'codes', input: 'pool', scale: 0.5, zeroPoint: 3, levels: 32, minimum: 0, maximum: 31 },
  { operator: 'dequantize', name: 'output', input: 'codes' },
]
const network: Network = { input: { name: 'input', shape: [4, 4, 1] }, nodes, output: 'output' }

describe('simplify', () => {
  it('turns clamp, max-pool, quantize into a quantizer of fewer codes and a max-pool of codes', () => {
    const simple = simplify(network)
    expect(operators(simple)).toEqual(['quantize', 'max-pool', 'dequantize'])
    expect(simple.nodes[0]).toMatchObject({ input: 'input', minimum: 3, maximum: 15 })
    expect(simple.nodes[1]!.name).toBe('codes')
  })

  it('keeps a clamp whose codes would leave out zero', () => {
    const above = nodes.map((node) => (node.operator === 'clamp' ? { ...node, minimum: 2 } : node))
    expect(operators(simplify({ ...network, nodes: above }))).toEqual(['clamp', 'quantize', 'max-pool', 'dequantize'])
  })

  it('keeps a max-pool of floats that something else reads too', () => {
    const more: Node[] = [...nodes.slice(0, 3), { operator: 'dequantize', name: 'values', input: 'codes' }]
    const both: Node = { operator: 'add', name: 'output', inputs: ['values', 'pool'] }
    expect(operators(simplify({ ...network, nodes: [...more, both] }))).toContain('clamp')
  })

  it('leaves out what does not reach the output', () => {
    const more: Node[] = [...nodes, { operator: 'tanh', name: 'unread', input: 'pool' }]
    expect(simplify({ ...network, nodes: more })).toEqual(simplify(network))
  })

  it('leaves no activation or pooling of floats in a CNN', () => {
    const left = operators(simplify(syntheticCnn('CNN10', { bits: 3 })))
    expect(left.filter((operator) => operator === 'clamp')).toEqual([])
  })

  it('changes no bit of any network', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), (seed) => {
        const before = randomNetwork(seed)
        const after = simplify(before)
        const image = Float32Array.from(
          { length: before.input.shape.reduce((product, n) => product * n, 1) },
          (_, i) => ((i * 0.618) % 1) * 4 - 2,
        )
        expect(inferValues(after).get(after.output)).toEqual(inferValues(before).get(before.output))
        // Names made by simplify are longer than a file's may be, so the simplified network is run by values only.
        const short = shortened(after)
        expect(runReferenceValues(short, image).get(short.output)).toEqual(
          runReferenceValues(before, image).get(before.output),
        )
      }),
    )
  })
})

/** The same network with its names numbered. */
function shortened({ input, nodes, output }: Network): Network {
  const names = new Map([input.name, ...nodes.map(({ name }) => name)].map((name, i) => [name, `${i}`]))
  const short = (name: string): string => names.get(name)!
  return {
    input: { ...input, name: short(input.name) },
    nodes: nodes.map((node) =>
      node.operator === 'add'
        ? { ...node, name: short(node.name), inputs: [short(node.inputs[0]), short(node.inputs[1])] }
        : { ...node, name: short(node.name), input: short(node.input) },
    ),
    output: short(output),
  }
}

describe('simplify of a file made to take long', () => {
  it('ends before the test has to', () => {
    const pools: Node[] = Array.from({ length: 1000 }, (_, i) => ({
      operator: 'max-pool',
      name: `pool ${i}`,
      input: i === 0 ? 'input' : `pool ${i - 1}`,
      size: [1, 1],
      stride: [1, 1],
      padding: { top: 0, bottom: 0, left: 0, right: 0 },
    }))
    const quantizers: Node[] = Array.from({ length: 500 }, (_, i) => ({
      operator: 'quantize',
      name: `codes ${i}`,
      input: 'pool 999',
      scale: 1,
      zeroPoint: 0,
      levels: 2,
      minimum: 0,
      maximum: 1,
    }))
    const values: Node[] = quantizers.map(({ name }, i) => ({ operator: 'dequantize', name: `${i}`, input: name }))
    const sums: Node[] = values.map(({ name }, i) => ({
      operator: 'add',
      name: `sum ${i}`,
      inputs: [i === 0 ? name : `sum ${i - 1}`, name],
    }))
    const input = { name: 'input', shape: [1, 1, 1] }
    const long: Network = { input, nodes: [...pools, ...quantizers, ...values, ...sums], output: 'sum 499' }
    expect(simplify(long).nodes.length).toBeLessThan(10_000)
  })
})
