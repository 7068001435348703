import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { onEachBackend } from '../../../test/on-each-backend.js'
import { saveAndLoad } from '../../../test/save-and-load.js'
import { tanhApproximationOf } from '../operations/tanh-approximation.js'
import { HardTanh } from './hard-tanh.js'
import { Relu6 } from './relu6.js'
import { Tanh } from './tanh.js'

const values = [-9, -1, -0.25, 0, 0.5, 1, 3, 6, 9]
const clampTo = (minimum: number, maximum: number) => (x: number) => Math.min(Math.max(x, minimum), maximum)

const layers: readonly [string, () => tf.layers.Layer, (x: number) => number][] = [
  ['HardTanh', () => new HardTanh({}), clampTo(-1, 1)],
  ['Relu6', () => new Relu6({}), clampTo(0, 6)],
  ['Tanh', () => new Tanh({}), tanhApproximationOf],
]

onEachBackend(() => {
  describe.each(layers)('%s', (_, make, expected) => {
    const modelOf = () =>
      tf.sequential({ layers: [tf.layers.dense({ units: 9, inputShape: [9], kernelInitializer: 'identity' }), make()] })

    it('computes, also when saved and loaded, and keeps NaN', async () => {
      const loaded = await saveAndLoad(modelOf())
      for (const model of [modelOf(), loaded]) {
        expect(model.outputShape).toEqual([null, 9])
        const y = model.predict(tf.tensor2d(values, [1, 9])) as tf.Tensor
        expect([...y.dataSync()]).toEqual(values.map(expected))
      }
      const y = make().apply(tf.tensor1d([1, Number.NaN])) as tf.Tensor
      expect(y.dataSync()[1]).toBeNaN()
    })
  })
})
