// One step of quantization-aware training of CNN6 or CNN10: batch 100, Adam, batch norm in training mode, 4-bit weights and
// activations: node bench/step.mjs [CNN6|CNN10] [steps] [relaxed|plain|stock] [profile]
import v8 from 'node:v8'
import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'
import { adam, registerTrainingKernels } from '../dist/index.js'

const [name = 'CNN6', steps = '40', path, profile] = process.argv.slice(2)
if (process.versions.node.startsWith('20.')) v8.setFlagsFromString('--experimental-wasm-relaxed-simd')
tf.enableProdMode()
await tf.setBackend('wasm')
const registered = registerTrainingKernels(path ? { path } : {})
const batch = 100
const levels = 16

const run = (kernel, inputs, attrs) => tf.engine().runKernel(kernel, inputs, attrs)

const quantize = (x, minimum, maximum) => {
  const attrs = { inverseScale: Math.fround((levels - 1) / 6), minimum, maximum }
  return tf.customGrad((x, save) => {
    save([x])
    return {
      value: run('LowbitQuantize', { x }, attrs),
      gradFunc: (dy, [x]) => run('LowbitQuantizeGrad', { x, dy }, attrs),
    }
  })(x)
}

const quantizeFilters = (w, mask, intervals) =>
  tf.customGrad((w, save) => {
    save([w])
    const inputs = { mask, ...intervals }
    return {
      value: run('LowbitQuantizeFilters', { w, ...inputs }),
      gradFunc: (dy, [w]) => run('LowbitQuantizeFiltersGrad', { w, dy, ...inputs }),
    }
  })(w)

const convolve = (x, filter, bias, scale, pad, hasBias) => {
  const attrs = { strides: [1, 1], pad, dataFormat: 'NHWC', dilations: [1, 1] }
  return tf.customGrad((x, filter, bias, save) => {
    save([x, filter])
    return {
      value: run('LowbitConv2D', { x, filter, bias, scale }, attrs),
      gradFunc: (dy, [x, filter]) => [
        run('Conv2DBackpropInput', { dy, filter: tf.mul(filter, scale) }, { ...attrs, inputShape: x.shape }),
        tf.mul(run('Conv2DBackpropFilter', { x, dy }, { ...attrs, filterShape: filter.shape }), scale),
        hasBias ? tf.mul(tf.sum(dy, [0, 1, 2]), scale) : tf.zerosLike(bias),
      ],
    }
  })(x, filter, bias)
}

const variables = []
const variable = (tensor) => {
  const made = tf.variable(tensor)
  variables.push(made)
  return made
}
let seed = 1
const random = (shape, deviation) => variable(tf.randomNormal(shape, 0, deviation, 'float32', seed++))

function quantizedConv(inputs, outputs, size, pad, first, hasBias) {
  const w = random([size, size, inputs, outputs], 0.2)
  const mask = tf.onesLike(w)
  const intervals = {
    inverseScale: tf.fill([outputs], levels),
    minimum: tf.fill([outputs], -levels / 2),
    maximum: tf.fill([outputs], levels / 2 - 1),
  }
  const bias = hasBias ? variable(tf.zeros([outputs])) : tf.zeros([outputs])
  const scale = tf.fill([outputs], 6 / (levels - 1) / levels)
  const [minimum, maximum] = first ? [-Math.round((levels - 1) / 6), Math.round((levels - 1) / 6)] : [0, levels - 1]
  return (x) => convolve(quantize(x, minimum, maximum), quantizeFilters(w, mask, intervals), bias, scale, pad, hasBias)
}

function floatConv(inputs, outputs) {
  const w = random([1, 1, inputs, outputs], 0.5)
  return (x) => tf.conv2d(x, w, 1, 'valid')
}

function norm(channels) {
  const layer = tf.layers.batchNormalization({ inputShape: [null, null, channels] })
  layer.build([batch, 1, 1, channels])
  variables.push(...layer.trainableWeights.map((weight) => weight.read()))
  return (x) => layer.apply(x, { training: true })
}

const pool = (x) => tf.maxPool(x, 2, 2, 'valid')

function layersOf(net) {
  const plans = {
    CNN6: [[8, 5, 'valid'], pool, [16, 3, 'valid'], pool, [32, 3, 'valid'], pool, [64, 2, 'valid']],
    CNN10: [
      [16, 3, 'same'],
      [32, 3, 'same'],
      pool,
      [32, 3, 'same'],
      [64, 3, 'same'],
      pool,
      [64, 3, 'valid'],
      [64, 3, 'valid'],
      [128, 3, 'valid'],
      [256, 2, 'valid'],
    ],
  }
  let channels = net === 'CNN6' ? 4 : 8
  const layers = [floatConv(3, channels), norm(channels)]
  for (const [i, plan] of plans[net].entries()) {
    if (plan === pool) layers.push(pool)
    else {
      const [outputs, size, pad] = plan
      const last = i === plans[net].length - 1
      layers.push(quantizedConv(channels, outputs, size, pad, i === 0, last))
      if (!last) layers.push(norm(outputs))
      channels = outputs
    }
  }
  const [w, b] = [random([channels, 10], 0.1), variable(tf.zeros([10]))]
  layers.push(tf.tanh, (x) => tf.add(tf.matMul(tf.reshape(x, [batch, channels]), w), b))
  return layers
}

const softmaxCrossEntropy = (logits, labels) =>
  tf.customGrad((logits, save) => {
    const [value, dlogits] = run('LowbitSoftmaxCrossEntropy', { logits, labels })
    save([dlogits])
    return { value, gradFunc: (dy, [dlogits]) => tf.mul(dlogits, dy) }
  })(logits)

const layers = layersOf(name)
const x = tf.randomUniform([batch, 32, 32, 3], 0, 1, 'float32', 1)
const labels = tf.cast(tf.oneHot(tf.randomUniform([batch], 0, 10, 'int32', 2), 10), 'float32')
const optimizer = adam({ learningRate: 1e-3 })
const step = () =>
  optimizer.minimize(
    () =>
      softmaxCrossEntropy(
        layers.reduce((y, layer) => layer(y), x),
        labels,
      ),
    true,
    variables,
  )

const milliseconds = []
let loss
for (let i = 0; i < +steps; i++) {
  const start = performance.now()
  const cost = step()
  loss = cost.dataSync()[0]
  cost.dispose()
  milliseconds.push(performance.now() - start)
}
const sorted = milliseconds.slice(Math.min(10, steps >> 2)).sort((a, b) => a - b)
console.log(
  JSON.stringify({
    net: name,
    node: process.version,
    path: registered.path,
    min_ms: +sorted[0].toFixed(2),
    median_ms: +sorted[sorted.length >> 1].toFixed(2),
    loss: +loss.toFixed(4),
    tensors: tf.memory().numTensors,
    heap_mb: Math.round(tf.backend().wasm.HEAPU8.length / 1e6),
  }),
)

if (profile) {
  const times = new Map()
  const stack = []
  for (const kernel of tf.getKernelsForBackend('wasm')) {
    tf.unregisterKernel(kernel.kernelName, 'wasm')
    tf.registerKernel({
      ...kernel,
      kernelFunc: (call) => {
        const start = performance.now()
        stack.push(0)
        try {
          return kernel.kernelFunc(call)
        } finally {
          const whole = performance.now() - start
          const inner = stack.pop()
          if (stack.length) stack[stack.length - 1] += whole
          const entry = times.get(kernel.kernelName) ?? { calls: 0, ms: 0 }
          times.set(kernel.kernelName, { calls: entry.calls + 1, ms: entry.ms + whole - inner })
        }
      },
    })
  }
  const start = performance.now()
  const rounds = 20
  for (let i = 0; i < rounds; i++) step().dispose()
  const whole = (performance.now() - start) / rounds
  const rows = [...times].sort((a, b) => b[1].ms - a[1].ms)
  const inKernels = rows.reduce((sum, [, { ms }]) => sum + ms, 0) / rounds
  console.log(
    `step ${whole.toFixed(2)} ms, kernels ${inKernels.toFixed(2)}, between them ${(whole - inKernels).toFixed(2)}`,
  )
  for (const [kernel, { calls, ms }] of rows)
    console.log(`  ${kernel.padEnd(28)} ${(ms / rounds).toFixed(3)} ms ${(calls / rounds).toFixed(0)} calls`)
}
