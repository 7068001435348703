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

/** The convolutions that a layer needs in training, each by itself, over a batch of 100 images: forward also at 4 bits. */
export function convolutionWorks(): SpeedWork[] {
  return LAYERS.flatMap((layer) => {
    const attrs = attributes(layer)
    return [
      convolutionWork(layer, 'forward', 32, ({ x, filter }) =>
        recorded(() => runKernel('Conv2D', { x, filter }, attrs)),
      ),
      convolutionWork(layer, 'forward', 4, (tensors) => runKernel('LowbitConv2D', quantizedOf(tensors), attrs)),
      convolutionWork(layer, 'input-gradient', 32, ({ dy, filter, x }) =>
        runKernel('Conv2DBackpropInput', { dy, filter }, { ...attrs, inputShape: x.shape }),
      ),
      convolutionWork(layer, 'filter-gradient', 32, ({ x, dy, filter }) =>
        runKernel('Conv2DBackpropFilter', { x, dy }, { ...attrs, filterShape: filter.shape }),
      ),
    ]
  })
}

interface Operands {
  readonly x: tf.Tensor
  readonly filter: tf.Tensor
  readonly dy: tf.Tensor
  /** Codes of 4 bits; bias and scale of each filter. */
  readonly codes: tf.Tensor
  readonly weights: tf.Tensor
  readonly bias: tf.Tensor
  readonly scale: tf.Tensor
}

function convolutionWork(layer: Layer, part: string, bits: number, run: (operands: Operands) => tf.Tensor): SpeedWork {
  const [side, inputs, filters, size, stride, pad] = layer
  return {
    name: `${part}-${size}x${size}-${side}x${side}x${inputs}-${filters}${stride > 1 ? `-stride-${stride}` : ''}-${pad}`,
    bits: [bits],
    async open() {
      await tf.setBackend('wasm')
      const { path, unregister } = registerTrainingKernels()
      const operands = operandsOf(layer)
      const work = timed('lowbit', () => run(operands).dispose())
      return {
        ours: [{ ...work, bits, threads: 1, path }],
        peers: [],
        rate: { unit: 'gflops', perCall: 2 * operands.dy.size * size * size * inputs },
        async close() {
          tf.dispose(Object.values(operands))
          unregister()
        },
      }
    },
  }
}

function operandsOf(layer: Layer): Operands {
  const [side, inputs, filters, size] = layer
  const x = tf.randomNormal([BATCH, side, side, inputs], 0, 1, 'float32', 1)
  const filter = tf.randomNormal([size, size, inputs, filters], 0, 1, 'float32', 2)
  const [bias, scale] = [tf.zeros([filters]), tf.ones([filters])]
  const codes = runKernel('LowbitQuantize', { x }, { inverseScale: 8, minimum: 0, maximum: 15 })
  const weights = tf.tidy(() => {
    const all = (value: number) => tf.fill([filters], value)
    const interval = { inverseScale: all(8), minimum: all(-8), maximum: all(7) }
    return runKernel('LowbitQuantizeFilters', { w: filter, mask: tf.onesLike(filter), ...interval }, {})
  })
  return { x, filter, dy: runKernel('Conv2D', { x, filter }, attributes(layer)), codes, weights, bias, scale }
}

const quantizedOf = ({ codes, weights, bias, scale }: Operands) => ({ x: codes, filter: weights, bias, scale })

/** What is run in training's forward pass: kernels tell it by the gradients that are recorded meanwhile. */
const recorded = (run: () => void): tf.Tensor =>
  tf.grad((one) => {
    run()
    return tf.mul(one, 1)
  })(1)

const attributes = ([, , , , strides, pad]: Layer) => ({ strides, pad, dataFormat: 'NHWC', dilations: 1 })

const runKernel = (name: string, inputs: tf.NamedTensorMap, attrs: tf.NamedAttrMap) =>
  tf.engine().runKernel(name, inputs, attrs) as tf.Tensor
