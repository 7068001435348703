import { registerTrainingKernels } from '@lowbit/train-kernels'
import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'
import type { SpeedWork } from '../speed-work.js'
import { timed } from '../stopwatch.js'

/** Height and width of the image, channels in, filters, side of the kernel, stride, padding. */
type Layer = readonly [
  side: number,
  inputs: number,
  filters: number,
  size: number,
  stride: 1 | 2,
  pad: 'same' | 'valid',
]

/** Every convolution of CNN10 and ResNet-20 once, but for their first; a strided one of ResNet-20 has its padding in the image. */
const LAYERS: readonly Layer[] = [
  [32, 8, 16, 3, 1, 'same'],
  [32, 16, 32, 3, 1, 'same'],
  [16, 32, 32, 3, 1, 'same'],
  [16, 32, 64, 3, 1, 'same'],
  [8, 64, 64, 3, 1, 'valid'],
  [6, 64, 64, 3, 1, 'valid'],
  [4, 64, 128, 3, 1, 'valid'],
  [2, 128, 256, 2, 1, 'valid'],
  [32, 16, 16, 3, 1, 'same'],
  [34, 16, 32, 3, 2, 'valid'],
  [18, 32, 64, 3, 2, 'valid'],
  [8, 64, 64, 3, 1, 'same'],
]

const BATCH = 100

/** The three convolutions that a layer needs in training, each by itself, over a batch of 100 images. */
export function convolutionWorks(): SpeedWork[] {
  return LAYERS.flatMap((layer) => [
    convolutionWork(layer, 'forward', ({ x, filter }) => runKernel('Conv2D', { x, filter }, attributes(layer))),
    convolutionWork(layer, 'input-gradient', ({ dy, filter, x }) =>
      runKernel('Conv2DBackpropInput', { dy, filter }, { ...attributes(layer), inputShape: x.shape }),
    ),
    convolutionWork(layer, 'filter-gradient', ({ x, dy, filter }) =>
      runKernel('Conv2DBackpropFilter', { x, dy }, { ...attributes(layer), filterShape: filter.shape }),
    ),
  ])
}

interface Operands {
  readonly x: tf.Tensor
  readonly filter: tf.Tensor
  readonly dy: tf.Tensor
}

function convolutionWork(layer: Layer, part: string, run: (operands: Operands) => tf.Tensor): SpeedWork {
  const [side, inputs, filters, size, stride, pad] = layer
  return {
    name: `${part}-${size}x${size}-${side}x${side}x${inputs}-${filters}${stride > 1 ? `-stride-${stride}` : ''}-${pad}`,
    bits: [32],
    async open() {
      await tf.setBackend('wasm')
      const { path, unregister } = registerTrainingKernels()
      const x = tf.randomNormal([BATCH, side, side, inputs], 0, 1, 'float32', 1)
      const filter = tf.randomNormal([size, size, inputs, filters], 0, 1, 'float32', 2)
      const dy = runKernel('Conv2D', { x, filter }, attributes(layer))
      const operands = { x, filter, dy }
      const work = timed('lowbit', () => run(operands).dispose())
      return {
        ours: [{ ...work, bits: 32, threads: 1, path }],
        peers: [],
        rate: { unit: 'gflops', perCall: 2 * dy.size * size * size * inputs },
        async close() {
          tf.dispose([x, filter, dy])
          unregister()
        },
      }
    },
  }
}

const attributes = ([, , , , strides, pad]: Layer) => ({ strides, pad, dataFormat: 'NHWC', dilations: 1 })

const runKernel = (name: string, inputs: tf.NamedTensorMap, attrs: tf.NamedAttrMap) =>
  tf.engine().runKernel(name, inputs, attrs) as tf.Tensor
