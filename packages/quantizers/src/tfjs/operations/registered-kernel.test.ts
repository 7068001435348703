import * as tf from '@tensorflow/tfjs'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { clamp } from './clamp.js'
import { integerFilters } from './integer-filters.js'
import { integerInput } from './integer-input.js'
import { scaledConvolution } from './scaled-convolution.js'
import { softmaxCrossEntropy } from './softmax-cross-entropy.js'
import { tanhApproximation } from './tanh-approximation.js'

interface Call {
  readonly inputs: Record<string, readonly number[]>
  readonly attributes: tf.NamedAttrMap
}

const registered: string[] = []

/** Registers a kernel that notes what it is called with and gives zeros of these shapes. */
function register(kernelName: string, shapes: (inputs: tf.NamedTensorInfoMap) => number[][]): Call[] {
  const calls: Call[] = []
  registered.push(kernelName)
  tf.registerKernel({
    kernelName,
    backendName: 'cpu',
    kernelFunc: ({ inputs, attrs }) => {
      calls.push({
        inputs: Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, tensor!.shape])),
        attributes: attrs ?? {},
      })
      const outputs = shapes(inputs).map((shape) => tf.zeros(shape))
      return outputs.length === 1 ? outputs[0]! : outputs
    },
  })
  return calls
}

beforeAll(async () => {
  await tf.setBackend('cpu')
})

afterEach(() => {
  for (const name of registered.splice(0)) tf.unregisterKernel(name, 'cpu')
})

/** The names, inputs and attributes are what other packages register kernels for. */
describe('kernels that a backend registers are used instead of tfjs operations', () => {
  it('LowbitActivation, LowbitActivationGrad', () => {
    const forward = register('LowbitActivation', ({ x }) => [x!.shape])
    const backward = register('LowbitActivationGrad', ({ x }) => [x!.shape])
    const { value, grad } = tf.valueAndGrad((x) => clamp(x, { minimum: 0, maximum: 6 }))(tf.ones([3]))
    expect([...value.dataSync(), ...grad.dataSync()]).toEqual([0, 0, 0, 0, 0, 0])
    const attributes = { minimum: 0, maximum: 6 }
    expect(forward).toEqual([{ inputs: { x: [3] }, attributes }])
    expect(backward).toEqual([{ inputs: { x: [3], dy: [3] }, attributes }])
  })

  it('LowbitQuantize, LowbitQuantizeGrad', () => {
    const forward = register('LowbitQuantize', ({ x }) => [x!.shape])
    const backward = register('LowbitQuantizeGrad', ({ x }) => [x!.shape])
    const attributes = { inverseScale: 2, minimum: -3, maximum: 12 }
    const { value, grad } = tf.valueAndGrad((x) => integerInput(x, attributes))(tf.ones([3]))
    expect([...value.dataSync(), ...grad.dataSync()]).toEqual([0, 0, 0, 0, 0, 0])
    expect(forward).toEqual([{ inputs: { x: [3] }, attributes }])
    expect(backward).toEqual([{ inputs: { x: [3], dy: [3] }, attributes }])
  })

  it('LowbitTanh, LowbitTanhGrad', () => {
    const forward = register('LowbitTanh', ({ x }) => [x!.shape])
    const backward = register('LowbitTanhGrad', ({ y }) => [y!.shape])
    const { value, grad } = tf.valueAndGrad((x) => tanhApproximation(x))(tf.ones([3]))
    expect([...value.dataSync(), ...grad.dataSync()]).toEqual([0, 0, 0, 0, 0, 0])
    const attributes = { limit: expect.any(Number), numerator: { length: 7 }, denominator: { length: 4 } }
    expect(forward).toMatchObject([{ inputs: { x: [3] }, attributes }])
    expect(backward).toEqual([{ inputs: { y: [3], dy: [3] }, attributes: {} }])
  })

  it('LowbitQuantizeFilters, LowbitQuantizeFiltersGrad', () => {
    const forward = register('LowbitQuantizeFilters', ({ w }) => [w!.shape])
    const backward = register('LowbitQuantizeFiltersGrad', ({ w }) => [w!.shape])
    const intervals = { inverseScale: tf.ones([2]), minimum: tf.zeros([2]), maximum: tf.ones([2]) }
    const f = (w: tf.Tensor) => integerFilters(w, tf.ones([3, 2]), intervals)
    const { value, grad } = tf.valueAndGrad(f)(tf.ones([3, 2]))
    expect([...value.dataSync(), ...grad.dataSync()]).toEqual(new Array(12).fill(0))
    const inputs = { w: [3, 2], mask: [3, 2], inverseScale: [2], minimum: [2], maximum: [2] }
    expect(forward).toEqual([{ inputs, attributes: {} }])
    expect(backward).toEqual([{ inputs: { ...inputs, dy: [3, 2] }, attributes: {} }])
  })

  it('LowbitConv2D', () => {
    const calls = register('LowbitConv2D', () => [[1, 2, 3, 4]])
    const [x, filter] = [tf.ones([1, 4, 3, 2]), tf.ones([3, 3, 2, 4])]
    const geometry = { padding: 'same', strides: [2, 1], dilations: [1, 1] } as const
    const y = scaledConvolution(x, filter, tf.ones([4]), tf.ones([4]), geometry)
    expect(y.dataSync().every((value) => value === 0)).toBe(true)
    expect(calls).toEqual([
      {
        inputs: { x: [1, 4, 3, 2], filter: [3, 3, 2, 4], bias: [4], scale: [4] },
        attributes: { strides: [2, 1], pad: 'same', dataFormat: 'NHWC', dilations: [1, 1] },
      },
    ])
  })

  it('LowbitSoftmaxCrossEntropy', () => {
    const calls = register('LowbitSoftmaxCrossEntropy', ({ logits }) => [[], logits!.shape])
    const f = (logits: tf.Tensor) => softmaxCrossEntropy(logits as tf.Tensor2D, tf.ones([2, 3]))
    const { value, grad } = tf.valueAndGrad(f)(tf.ones([2, 3]))
    expect([...value.dataSync(), ...grad.dataSync()]).toEqual(new Array(7).fill(0))
    expect(calls).toEqual([{ inputs: { logits: [2, 3], labels: [2, 3] }, attributes: {} }])
  })
})
