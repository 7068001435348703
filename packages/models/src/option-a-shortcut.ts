import * as tf from '@tensorflow/tfjs'
import { ModelError } from './model-error.js'

/**
 * The shortcut without weights where a residual network halves its image: every second row and column, new channels filled with
 * zeros, half of them before the old ones and half after (option A of He et al. 2015, arXiv:1512.03385).
 *
 * y[n, i, j, c] = x[n, 2i, 2j, c - before] where 0 <= c - before < channels of x, else 0; before = floor((filters - channels) / 2).
 *
 * [n, h, w, c] -> [n, h / 2, w / 2, filters], h and w even, filters >= c.
 */
export class OptionAShortcut extends tf.layers.Layer {
  static readonly className = 'OptionAShortcut'
  readonly filters: number

  constructor(config: { filters: number; name?: string }) {
    super(config)
    this.filters = config.filters
  }

  override build(inputShape: tf.Shape): void {
    const [, height, width, channels] = inputShape
    if (height! % 2 !== 0 || width! % 2 !== 0 || channels! > this.filters) {
      throw new ModelError(
        'OPTION',
        `OptionAShortcut ${this.name}: input [${inputShape.slice(1)}]; expected an even height and width and at most ${this.filters} channels`,
      )
    }
    super.build(inputShape)
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    const [n = null, height, width] = inputShape
    return [n, height! / 2, width! / 2, this.filters]
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = Array.isArray(inputs) ? inputs[0]! : inputs
      const [n, height, width, channels] = x.shape as [number, number, number, number]
      // Pairs of rows and of columns side by side, the first of each kept: tf.stridedSlice has no gradient.
      const sampled = x
        .reshape([(n * height) / 2, 2, width / 2, 2 * channels])
        .slice([0, 0, 0, 0], [-1, 1, -1, channels])
        .reshape<tf.Tensor4D>([n, height / 2, width / 2, channels])
      const before = Math.floor((this.filters - channels) / 2)
      return tf.pad4d(sampled, [
        [0, 0],
        [0, 0],
        [0, 0],
        [before, this.filters - channels - before],
      ])
    })
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), filters: this.filters }
  }
}
tf.serialization.registerClass(OptionAShortcut)
