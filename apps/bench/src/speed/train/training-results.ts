// What training comes to with one set of kernels, to be run with another one too: whether faster kernels cost accuracy.
//   node apps/bench/dist/speed/train/training-results.js lowbit CNN6 1000
import { cifar10, holdOut } from '@lowbit/datasets'
import { quantizedLayers } from '@lowbit/quantizers/tfjs'
import { direct, train } from '@lowbit/schedulers'
import { useFastestEngine } from '../../engine.js'
import type { TrainedNetwork } from './training-setting.js'

const SEEDS = [1, 2, 3]
const BATCH = 100
/** Images of the test set that are looked at. */
const TESTED = 2000

useFastestEngine()
// tfjs reads the engine's features when it is loaded, so everything that imports it comes after the flags above.
const tf = await import('@tensorflow/tfjs')
await import('@tensorflow/tfjs-backend-wasm')
const { adam, registerTrainingKernels } = await import('@lowbit/train-kernels')
const { accuracyOn } = await import('../../experiment/accuracy.js')
const { registerStockKernels } = await import('../peers/stock-kernels.js')
const { modelOf, TRAINED_NETWORKS } = await import('./training-setting.js')

const [kernels = '', network = '', steps = ''] = process.argv.slice(2)
if (!['lowbit', 'stock'].includes(kernels) || !isTrained(network) || !(Number(steps) >= 1)) {
  process.stderr.write(`expected: lowbit or stock, one of ${TRAINED_NETWORKS.join(', ')}, and the number of steps\n`)
  process.exit(1)
}

tf.enableProdMode()
await tf.setBackend('wasm')
const path = kernels === 'lowbit' ? registerTrainingKernels().path : 'stock'
if (kernels === 'stock') registerStockKernels()
const data = await cifar10({ download: false })
const [, tested] = holdOut(data.test, { size: TESTED, seed: 1 })
const accuracies: number[] = []
for (const seed of SEEDS) {
  const model = modelOf({ network, bits: 4, batch: BATCH }, seed)
  const began = performance.now()
  const events = train(
    model,
    direct(quantizedLayers(model), { steps: Number(steps) }),
    (from) => data.train.batches({ size: BATCH, seed, from }),
    {
      learningRate: 1e-3,
      optimizer: (learningRate) => (kernels === 'lowbit' ? adam({ learningRate }) : tf.train.adam(learningRate)),
      calibration: { count: BATCH },
    },
  )
  for await (const _ of events);
  const accuracy = accuracyOn(tested, model)
  accuracies.push(accuracy)
  const seconds = ((performance.now() - began) / 1000).toFixed(0)
  console.log(
    `${network}, 4 bits, ${kernels} (${path}), seed ${seed}: ${percent(accuracy)} after ${steps} steps, ${seconds} s`,
  )
  model.dispose()
}
console.log(`mean ${percent(accuracies.reduce((sum, accuracy) => sum + accuracy, 0) / accuracies.length)}`)

function isTrained(name: string): name is TrainedNetwork {
  return (TRAINED_NETWORKS as readonly string[]).includes(name)
}

function percent(fraction: number): string {
  return `${(100 * fraction).toFixed(1)} %`
}
