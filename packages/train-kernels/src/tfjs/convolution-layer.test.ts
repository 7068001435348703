import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { floats, paths, valuesOn, valuesWithKernels } from '../../test/backends.js'
import { distance } from '../../test/expect-same-as-cpu.js'
import { registerTrainingKernels } from '../register-training-kernels.js'

type Options = Partial<Parameters<typeof tf.layers.conv2d>[0]>

function network(options: Options): tf.Sequential {
  const layer = (name: string, seed: number) =>
    tf.layers.conv2d({
      name,
      filters: 5,
      kernelSize: 3,
      kernelInitializer: tf.initializers.glorotUniform({ seed }),
      ...(name === 'first' && { inputShape: [9, 9, 3] }),
      ...options,
    })
  return tf.sequential({ layers: [layer('first', 1), layer('second', 2)] })
}

const images = () => tf.tensor4d(floats(2 * 9 * 9 * 3, 1), [2, 9, 9, 3])

const loss = (model: tf.LayersModel) => () =>
  tf.mean(tf.square(model.apply(images(), { training: true }) as tf.Tensor)) as tf.Scalar

/** Gradients of all weights. */
function gradients(options: Options): tf.Tensor[] {
  const model = network(options)
  const { grads } = tf.variableGrads(loss(model))
  const own = model.trainableWeights.map((weight) => tf.clone(grads[(weight.read() as tf.Variable).name]!))
  model.dispose()
  return own
}

/** The kernels of gradients that run where the weights of some layers train. */
async function gradientKernels(trained: readonly string[], options: Options = {}): Promise<string[]> {
  const model = network(options)
  for (const layer of model.layers) layer.trainable = trained.includes(layer.name)
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable)
  const { kernels } = await tf.profile(() => tf.tidy(() => tf.variableGrads(loss(model), variables).value))
  model.dispose()
  return kernels.map(({ name }) => name).filter((name) => name.startsWith('Conv2DBackprop'))
}

describe('tf.layers.conv2d', () => {
  describe.each(paths)('on path %s', (path) => {
    it.each<Options>([
      {},
      { useBias: false, padding: 'same' },
      { strides: 2, padding: 'same' },
      { activation: 'relu' },
    ])("has the gradients of tfjs's own layer, %o", async (options) => {
      const expected = await valuesOn('cpu', () => gradients(options))
      const got = await valuesWithKernels(path, () => gradients(options))
      for (const [i, values] of got.entries()) expect(distance(values, expected[i]!)).toBeLessThan(1e-5)
    })
  })

  it('computes no gradient that nothing needs', async () => {
    await tf.setBackend('wasm')
    const kernels = registerTrainingKernels()
    expect(await gradientKernels(['first', 'second'])).toEqual([
      'Conv2DBackpropInput',
      'Conv2DBackpropFilter',
      'Conv2DBackpropFilter',
    ])
    expect(await gradientKernels(['second'])).toEqual(['Conv2DBackpropFilter'])
    expect(await gradientKernels(['first'])).toEqual(['Conv2DBackpropInput', 'Conv2DBackpropFilter'])
    kernels.unregister()
  })

  it("is tfjs's own on other backends and after unregister", async () => {
    await tf.setBackend('cpu')
    const kernels = registerTrainingKernels()
    expect(await gradientKernels(['second'])).toHaveLength(2)
    kernels.unregister()
    expect(tf.getGradient('FusedConv2D')).toBeUndefined()
    expect(Object.hasOwn(Object.getPrototypeOf(tf.layers.conv2d({ filters: 1, kernelSize: 1 })), 'call')).toBe(false)
  })
})
