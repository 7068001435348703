import { type Network, type Node, noPadding, samePadding } from '../src/format/index.js'
import { generator } from '../src/synthetic/network-builder.js'

/** Every operator once and more, small enough to look at. */
export function exampleNetwork(): Network {
  const random = generator(7)
  const codes = (count: number, levels: number) => Uint8Array.from({ length: count }, () => random() * levels)
  const floats = (count: number) => Float32Array.from({ length: count }, () => random() - 0.5)
  const integers = (count: number) => Int32Array.from({ length: count }, () => random() * 40 - 20)
  const scale = Math.fround(0.043)
  const nodes: Node[] = [
    {
      operator: 'float-conv2d',
      name: 'stem',
      input: 'image',
      shape: [1, 1, 3, 5],
      weights: floats(15),
      bias: floats(5),
      stride: [1, 1],
      padding: noPadding,
    },
    { operator: 'rescale', name: 'half', input: 'stem', factor: 0.5 },
    { operator: 'clamp', name: 'hardtanh', input: 'half', minimum: -1, maximum: 1 },
    {
      operator: 'quantize',
      name: 'stem codes',
      input: 'hardtanh',
      scale,
      zeroPoint: 3,
      levels: 8,
      minimum: 0,
      maximum: 7,
    },
    {
      operator: 'conv2d',
      name: 'wide',
      input: 'stem codes',
      weights: { codes: codes(9 * 5 * 6, 25), shape: [3, 3, 5, 6], levels: 25, zeroPoint: Uint8Array.of(12) },
      bias: integers(6),
      scale: Float32Array.of(0.01),
      stride: [1, 1],
      padding: samePadding([9, 8], [3, 3], [1, 1]),
      groups: 1,
    },
    { operator: 'clamp', name: 'relu', input: 'wide', minimum: 0, maximum: null },
    {
      operator: 'quantize',
      name: 'wide codes',
      input: 'relu',
      scale,
      zeroPoint: 0,
      levels: 16,
      minimum: 0,
      maximum: 15,
    },
    {
      operator: 'conv2d',
      name: 'deep',
      input: 'wide codes',
      weights: { codes: codes(9 * 12, 4), shape: [3, 3, 1, 12], levels: 4, zeroPoint: codes(12, 4) },
      bias: integers(12),
      scale: floats(12).map((x) => Math.abs(x) + 0.01),
      stride: [2, 1],
      padding: { top: 1, bottom: 1, left: 1, right: 1 },
      groups: 6,
    },
    { operator: 'pad-channels', name: 'padded', input: 'wide', before: 2, after: 4 },
    {
      operator: 'max-pool',
      name: 'small',
      input: 'padded',
      size: [3, 1],
      stride: [2, 1],
      padding: { top: 1, bottom: 1, left: 0, right: 0 },
    },
    { operator: 'add', name: 'sum', inputs: ['deep', 'small'] },
    { operator: 'average-pool', name: 'mean', input: 'sum', size: [2, 2], stride: [2, 2] },
    {
      operator: 'quantize',
      name: 'mean codes',
      input: 'mean',
      scale,
      zeroPoint: 100,
      levels: 256,
      minimum: 90,
      maximum: 255,
    },
    {
      operator: 'max-pool',
      name: 'largest',
      input: 'mean codes',
      size: [2, 2],
      stride: [1, 2],
      padding: noPadding,
    },
    { operator: 'flatten', name: 'flat', input: 'largest' },
    {
      operator: 'dense',
      name: 'fc1',
      input: 'flat',
      weights: { codes: codes(24 * 7, 256), shape: [24, 7], levels: 256, zeroPoint: Uint8Array.of(100) },
      bias: integers(7),
      scale: Float32Array.of(0.001),
    },
    { operator: 'tanh', name: 'squashed', input: 'fc1' },
    { operator: 'float-dense', name: 'fc2', input: 'squashed', shape: [7, 10], weights: floats(70), bias: floats(10) },
  ]
  return { input: { name: 'image', shape: [9, 8, 3] }, nodes, output: 'fc2' }
}
