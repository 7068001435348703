// What training comes to with one set of kernels, to be run with another one too: whether faster kernels cost accuracy.
// So many steps in floats, then with batch norms folded away as many at 4 bits.
//   node apps/bench/dist/speed/train/training-results.js lowbit CNN6 500
import { cifar10, holdOut } from '@lowbit/datasets'
import type { Plan } from '@lowbit/schedulers'
import type { LayersModel } from '@tensorflow/tfjs'
import { useFastestEngine } from '../../engine.js'
import type { TrainedNetwork } from './training-setting.js'

const SEEDS = [1, 2, 3]
const BATCH = 100
/** Images of the test set that are looked at. */
const TESTED = 2000

useFastestEngine()
// Loading tfjs compiles WebAssembly, so everything that imports it comes after the flags above.
const tf = await import('@tensorflow/tfjs')
await import('@tensorflow/tfjs-backend-wasm')
const { foldBatchNorm, quantizedLayers, quantizeModel } = await import('@lowbit/quantizers/tfjs')
const { direct, floatTraining, train } = await import('@lowbit/schedulers')
const { adam, registerTrainingKernels } = await import('@lowbit/train-kernels')
const { accuracyOn } = await import('../../experiment/accuracy.js')
const { registerStockKernels } = await import('../peers/stock-kernels.js')
const { floatLayersOf, modelOf, TRAINED_NETWORKS } = await import('./training-setting.js')

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
const named: Record<string, number[]> = { float: [], '4 bits': [] }
for (const seed of SEEDS) {
  const float = modelOf({ network, bits: 32, batch: BATCH }, seed)
  await trained('float', float, floatTraining({ steps: Number(steps) }), seed)
  const quantized = quantizeModel(foldBatchNorm(float), { bits: 4, float: floatLayersOf(network) })
  await trained('4 bits', quantized, direct(quantizedLayers(quantized), { steps: Number(steps) }), seed)
  quantized.dispose()
}
for (const [name, accuracies] of Object.entries(named)) {
  const mean = accuracies.reduce((sum, accuracy) => sum + accuracy, 0) / accuracies.length
  console.log(`${network}, ${name}, ${kernels} (${path}): mean ${percent(mean)}`)
}

async function trained(name: string, model: LayersModel, plan: Plan, seed: number): Promise<void> {
  const began = performance.now()
  const events = train(model, plan, (from) => data.train.batches({ size: BATCH, seed, from }), {
    learningRate: 1e-3,
    optimizer: (learningRate) => (kernels === 'lowbit' ? adam({ learningRate }) : tf.train.adam(learningRate)),
    calibration: { count: 10 * BATCH },
  })
  for await (const _ of events);
  const accuracy = accuracyOn(tested, model)
  named[name]!.push(accuracy)
  const seconds = ((performance.now() - began) / 1000).toFixed(0)
  console.log(
    `${network}, ${name}, ${kernels} (${path}), seed ${seed}: ${percent(accuracy)} after ${steps} steps, ${seconds} s`,
  )
}

function isTrained(name: string): name is TrainedNetwork {
  return (TRAINED_NETWORKS as readonly string[]).includes(name)
}

function percent(fraction: number): string {
  return `${(100 * fraction).toFixed(1)} %`
}
