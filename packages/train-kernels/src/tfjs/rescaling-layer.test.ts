import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { floats, paths, valuesWithKernels } from '../../test/backends.js'
import { registerTrainingKernels } from '../register-training-kernels.js'

const { fround } = Math
const x = Float32Array.from([0, -0, 1e38, Number.POSITIVE_INFINITY, Number.NaN, ...floats(58, 1)])

describe.each(paths)('tf.layers.rescaling, %s', (path) => {
  it.each([
    [0.5, 0],
    [1 / 3, -0.2],
  ])('is x * %d + %d, both rounded, and passes its scale on', async (scale, offset) => {
    const layer = tf.layers.rescaling({ scale, offset })
    const apply = (x: tf.Tensor) => layer.apply(x) as tf.Tensor
    const [y, dx] = await valuesWithKernels(path, () => {
      const { value, grad } = tf.valueAndGrad(apply)(tf.tensor1d(x), tf.tensor1d(x))
      return [value, grad]
    })
    expect(y).toEqual(Array.from(x, (value) => fround(fround(value * fround(scale)) + fround(offset))))
    expect(dx).toEqual(Array.from(x, (value) => fround(value * fround(scale))))
  })

  it('is one operation', async () => {
    await tf.setBackend('wasm')
    const kernels = registerTrainingKernels({ path })
    const x = tf.ones([2, 3])
    const { kernelNames } = await tf.profile(() => tf.layers.rescaling({ scale: 2 }).apply(x) as tf.Tensor)
    expect(kernelNames).toContain('LowbitRescale')
    expect(kernelNames).not.toContain('Multiply')
    kernels.unregister()
  })
})
