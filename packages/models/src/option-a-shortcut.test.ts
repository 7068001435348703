import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { OptionAShortcut } from './option-a-shortcut.js'

/** One image of 4x2 pixels and 2 channels; the value tells row, column and channel. */
const image = tf.tensor4d([
  [0, 1, 2, 3].map((row) => [0, 1].map((column) => [0, 1].map((channel) => 100 * row + 10 * column + channel))),
])

describe('OptionAShortcut', () => {
  it('keeps every second pixel between channels of zeros', () => {
    const y = new OptionAShortcut({ filters: 5 }).apply(image) as tf.Tensor
    expect(y.arraySync()).toEqual([[[[0, 0, 1, 0, 0]], [[0, 200, 201, 0, 0]]]])
  })

  it('sends the gradient to the pixels that it kept', () => {
    const layer = new OptionAShortcut({ filters: 4 })
    const weights = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 1, 4])
    const gradient = tf.grad((x: tf.Tensor) => tf.sum(tf.mul(layer.apply(x) as tf.Tensor, weights)))(image)
    const zero = [0, 0]
    expect(gradient.arraySync()).toEqual([
      [
        [[2, 3], zero],
        [zero, zero],
        [[6, 7], zero],
        [zero, zero],
      ],
    ])
  })

  it('comes back from its configuration', () => {
    const layer = new OptionAShortcut({ filters: 6, name: 'layer2.0.shortcut' })
    const again = new OptionAShortcut(layer.getConfig() as { filters: number; name: string })
    expect(again.name).toBe('layer2.0.shortcut')
    expect(again.computeOutputShape([null, 32, 16, 3])).toEqual([null, 16, 8, 6])
  })

  it.each([
    [[1, 3, 4, 2], '[3,4,2]'],
    [[1, 4, 5, 2], '[4,5,2]'],
    [[1, 4, 4, 7], '[4,4,7]'],
  ])('refuses an input of shape %j', (shape, quoted) => {
    const apply = () => new OptionAShortcut({ filters: 6, name: 'short' }).apply(tf.zeros(shape))
    expect(apply).toThrow(
      expect.objectContaining({ code: 'OPTION', message: expect.stringContaining(`short: input ${quoted}`) }),
    )
  })
})
