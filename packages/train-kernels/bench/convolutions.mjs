// Speed of the convolution kernels on the layers of CNN6, CNN10 and ResNet-20, batch 100: node bench/convolutions.mjs [path]
import v8 from 'node:v8'
import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'
import { registerTrainingKernels } from '../dist/index.js'

if (process.versions.node.startsWith('20.')) v8.setFlagsFromString('--experimental-wasm-relaxed-simd')
await tf.setBackend('wasm')
const { path } = registerTrainingKernels(process.argv[2] ? { path: process.argv[2] } : {})
console.log(process.version, path)

// [side, inputs, outputs, kernel, pad, stride]
const layers = [
  [32, 3, 4, 1, 'valid'],
  [32, 4, 8, 5, 'valid'],
  [14, 8, 16, 3, 'valid'],
  [6, 16, 32, 3, 'valid'],
  [2, 32, 64, 2, 'valid'],
  [32, 3, 8, 1, 'valid'],
  [32, 8, 16, 3, 'same'],
  [32, 16, 32, 3, 'same'],
  [16, 32, 32, 3, 'same'],
  [16, 32, 64, 3, 'same'],
  [8, 64, 64, 3, 'valid'],
  [6, 64, 64, 3, 'valid'],
  [4, 64, 128, 3, 'valid'],
  [2, 128, 256, 2, 'valid'],
  [32, 3, 16, 3, 'same'],
  [32, 16, 16, 3, 'same'],
  [32, 16, 32, 3, 'same', 2],
  [16, 32, 64, 3, 'same', 2],
  [8, 64, 64, 3, 'same'],
]
const kernel = (name, inputs, attrs) => () => tf.engine().runKernel(name, inputs, attrs).dispose()

let total = 0
for (const [side, inputs, outputs, size, pad, strides = 1] of layers) {
  const x = tf.randomNormal([100, side, side, inputs])
  const filter = tf.randomNormal([size, size, inputs, outputs])
  const attrs = { strides, pad, dataFormat: 'NHWC', dilations: 1 }
  const y = tf.engine().runKernel('Conv2D', { x, filter }, attrs)
  const runs = [
    kernel('Conv2D', { x, filter }, attrs),
    kernel('Conv2DBackpropInput', { dy: y, filter }, { ...attrs, inputShape: x.shape }),
    kernel('Conv2DBackpropFilter', { x, dy: y }, { ...attrs, filterShape: filter.shape }),
  ]
  const times = runs.map(() => [])
  for (let i = 0; i < 40; i++)
    runs.forEach((run, j) => {
      const start = performance.now()
      run()
      times[j].push(performance.now() - start)
    })
  const flops = 2 * y.size * size * size * inputs
  const best = times.map((list) => Math.min(...list))
  total += best[0] + best[1] + best[2]
  console.log(
    `${side}x${side} ${inputs}->${outputs} ${size}x${size} ${pad} ${strides > 1 ? `/${strides}` : ''}`.padEnd(30),
    ['forward', 'input', 'filter']
      .map((name, j) => `${name} ${best[j].toFixed(2)} ms ${(flops / best[j] / 1e6).toFixed(1)} GFLOP/s`)
      .join('   '),
  )
  tf.dispose([x, filter, y])
}
console.log('sum', total.toFixed(1), 'ms')
