import { readSafetensors, type Tensor, writeSafetensors } from '@lowbit/safetensors'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exampleNetwork } from '../../test/example-network.js'
import { decodeNetwork } from './decode.js'
import { encodeNetwork } from './encode.js'
import { IntegerNetworkError } from './integer-network-error.js'

const file = encodeNetwork(exampleNetwork())

/** The example's file with its graph and tensors changed. */
function changed(
  graph: (graph: Record<string, never> & { nodes: Record<string, unknown>[] }) => void,
  tensors: (tensors: Map<string, Tensor>) => void = () => {},
  metadata: Record<string, string> = {},
): Uint8Array {
  const read = readSafetensors(file)
  const json = JSON.parse(read.metadata.graph!)
  graph(json)
  tensors(read.tensors)
  return writeSafetensors(read.tensors, { ...read.metadata, graph: JSON.stringify(json), ...metadata })
}

const codeOf = (bytes: Uint8Array): string => {
  try {
    decodeNetwork(bytes)
  } catch (error) {
    if (error instanceof IntegerNetworkError) return error.code
    throw error
  }
  return 'accepted'
}

const field = (name: string, key: string, value: unknown) =>
  changed(({ nodes }) => {
    nodes.find((node) => node.name === name)![key] = value
  })

describe('decodeNetwork', () => {
  it('gives back what encodeNetwork was given', () => {
    expect(decodeNetwork(file)).toEqual(exampleNetwork())
  })

  it('reads a file that lies at an odd address', () => {
    const moved = new Uint8Array(file.length + 1)
    moved.set(file, 1)
    expect(decodeNetwork(moved.subarray(1))).toEqual(exampleNetwork())
  })

  it.each([
    ['an empty file', new Uint8Array(0), 'FILE'],
    ['a truncated file', file.subarray(0, file.length - 1), 'FILE'],
    ['a file of another kind', writeSafetensors([]), 'VERSION'],
    ['a later version', changed(() => {}, undefined, { version: '2' }), 'VERSION'],
    ['a graph that is not JSON', changed(() => {}, undefined, { graph: '{' }), 'GRAPH'],
    ['a graph that is a list', changed(() => {}, undefined, { graph: '[]' }), 'GRAPH'],
    ['an unknown operator', field('half', 'operator', 'softmax'), 'OPERATOR'],
    ['an unknown field', field('half', 'axis', 1), 'GRAPH'],
    ['a name used twice', field('half', 'name', 'stem codes'), 'GRAPH'],
    ['a node that reads itself', field('half', 'input', 'half'), 'GRAPH'],
    ['a cycle', field('half', 'input', 'hardtanh'), 'GRAPH'],
    ['a dangling input', field('half', 'input', 'nothing'), 'GRAPH'],
    ['codes where floats are read', field('squashed', 'input', 'flat'), 'GRAPH'],
    ['floats where codes are read', field('wide', 'input', 'hardtanh'), 'GRAPH'],
    ['a negative stride', field('wide', 'stride', [1, -1]), 'SHAPE'],
    ['a stride of zero', field('largest', 'stride', [0, 1]), 'SHAPE'],
    ['padding as large as the window', field('wide', 'padding', [3, 1, 1, 1]), 'SHAPE'],
    ['negative padding', field('wide', 'padding', [-1, 1, 1, 1]), 'SHAPE'],
    ['groups that do not divide', field('deep', 'groups', 4), 'SHAPE'],
    ['weights of another shape', field('wide', 'shape', [3, 3, 6, 5]), 'SHAPE'],
    ['more weights than bytes', field('wide', 'shape', [3, 3, 5, 7]), 'TENSOR'],
    ['far more weights than bytes', field('wide', 'shape', [65535, 65535, 5, 65535]), 'LIMIT'],
    ['levels below what the codes need', field('wide', 'levels', 17), 'RANGE'],
    ['levels that are none', field('wide', 'levels', 257), 'RANGE'],
    ['a scale of zero', field('stem codes', 'scale', 0), 'RANGE'],
    ['a scale whose inverse is infinite', field('stem codes', 'scale', 1e-45), 'RANGE'],
    ['a scale that is no f32', field('stem codes', 'scale', 0.1), 'RANGE'],
    ['a zero point outside of the range', field('stem codes', 'zeroPoint', 8), 'RANGE'],
    ['a minimum above the zero point', field('stem codes', 'minimum', 4), 'RANGE'],
    ['a minimum above the maximum', field('hardtanh', 'minimum', 2), 'RANGE'],
    ['a huge window', field('largest', 'size', [65, 64]), 'LIMIT'],
    ['a huge value', field('padded', 'after', 65535), 'LIMIT'],
    ['a huge padding of channels', field('padded', 'after', 1e9), 'SHAPE'],
    [
      'a huge input',
      changed((graph) => Object.assign(graph, { input: { name: 'image', shape: [60000, 60000, 3] } })),
      'LIMIT',
    ],
    [
      'an empty input',
      changed((graph) => Object.assign(graph, { input: { name: 'image', shape: [0, 8, 3] } })),
      'SHAPE',
    ],
    ['an output that nothing makes', changed((graph) => Object.assign(graph, { output: 'fc3' })), 'GRAPH'],
    [
      'a missing tensor',
      changed(
        () => {},
        (tensors) => tensors.delete('wide.bias'),
      ),
      'TENSOR',
    ],
    [
      'a tensor that nothing reads',
      changed(
        () => {},
        (tensors) => tensors.set('more', { dtype: 'U8', shape: [1], data: Uint8Array.of(1) }),
      ),
      'TENSOR',
    ],
    [
      'a tensor of another type',
      changed(
        () => {},
        (tensors) => tensors.set('wide.bias', { dtype: 'F32', shape: [6], data: new Float32Array(6) }),
      ),
      'TENSOR',
    ],
    [
      'a scale that is not finite',
      changed(
        () => {},
        (tensors) => tensors.set('wide.scale', { dtype: 'F32', shape: [1], data: Float32Array.of(NaN) }),
      ),
      'RANGE',
    ],
    [
      'a bias that overflows the sums',
      changed(
        () => {},
        (tensors) => tensors.set('wide.bias', { dtype: 'I32', shape: [6], data: new Int32Array(6).fill(-(2 ** 31)) }),
      ),
      'RANGE',
    ],
  ])('refuses %s', (_, bytes, code) => {
    expect(codeOf(bytes)).toBe(code)
  })

  it('never fails but with its own error, whatever bytes are changed', () => {
    const flips = fc.array(fc.tuple(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 })), {
      minLength: 1,
      maxLength: 4,
    })
    fc.assert(
      fc.property(flips, fc.option(fc.nat(file.length)), (changes, length) => {
        const bytes = file.slice(0, length ?? file.length)
        for (const [at, flip] of changes) if (at < bytes.length) bytes[at]! ^= flip
        codeOf(bytes)
      }),
      { numRuns: 3000 },
    )
  })

  it('never fails but with its own error, whatever is put into a field', () => {
    const read = readSafetensors(file)
    const nodes = (JSON.parse(read.metadata.graph!) as { nodes: Record<string, unknown>[] }).nodes
    const places = nodes.flatMap((node, i) => Object.keys(node).map((key) => [i, key] as const))
    const value = fc.oneof(fc.jsonValue(), fc.integer(), fc.double(), fc.array(fc.integer({ min: -2, max: 70000 })))
    fc.assert(
      fc.property(fc.constantFrom(...places), value, ([i, key], put) => {
        codeOf(
          changed(({ nodes }) => {
            nodes[i]![key] = put
          }),
        )
      }),
      { numRuns: 2000 },
    )
  })
})

describe('encodeNetwork', () => {
  it('gives the same bytes for the same network', () => {
    expect(encodeNetwork(exampleNetwork())).toEqual(file)
  })

  it('refuses what decodeNetwork would refuse', () => {
    expect(() => encodeNetwork({ ...exampleNetwork(), output: 'fc3' })).toThrow(IntegerNetworkError)
  })
})
