import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import { take } from '@lowbit/datasets'
import { Command } from 'commander'
import { BenchError } from '../bench-error.js'
import { CHROMIUM, openBrowser } from '../browser/open-browser.js'
import { engineFlags } from '../engine.js'
import { useTrainingBackend } from '../experiment/backend.js'
import { type DataName, findData, openData } from '../experiment/data.js'
import { describeEngine } from '../speed/describe-engine.js'
import { speedProgress } from '../speed/speed-progress.js'
import { isPublished, verifiedNames } from '../verify/float-network.js'
import { SCALES } from '../verify/quantized-network.js'
import { isBroken, type Verification } from '../verify/verification.js'
import { verificationTable } from '../verify/verification-table.js'
import { verifyGrid } from '../verify/verify-grid.js'
import { parseName, parseNames, parseNumber, parseNumbers } from './lists.js'

interface VerifyOptions {
  readonly net: string
  readonly bits: string
  readonly scales: string
  readonly images?: string
  readonly floatSteps: string
  readonly steps: string
  readonly seed: string
  readonly weights?: string
  readonly data?: string
  readonly witness: boolean
  readonly browser?: string | true
  readonly json: boolean
}

const EXPLANATION = `
Trains a float network, quantizes it (all layers at once), trains on, lowers it, and runs the quantized model in tfjs and the
integer network on every test image. "Other bits" counts images of which any logit is not the model's, bit for bit; a sum of
2^24 and more may round in tfjs, which adds in f32, and only there may bits differ. The exit code is 1 where they do elsewhere,
or where kernels for plain SIMD give other bits than those for relaxed SIMD.

All is computed with plain multiply-adds, which round alike everywhere: the digest in the last line is the same on every engine.

Examples:
  lowbit-bench verify --net CNN6,CNN10 --witness --browser
  lowbit-bench verify generated --bits 3 --images 500
  lowbit-bench verify --net ResNet-20 --weights ../shared/data/resnet-cifar10 --witness --json > verified.jsonl
`

/** `lowbit-bench verify`: whether integer networks give the very bits of the models they come from. */
export function verifyCommand(): Command {
  return new Command('verify')
    .description('compares integer networks with the quantized models they come from, bit for bit, on all test images')
    .argument('[data]', 'cifar10, generated, or auto: cifar10 where it can be had, else generated', 'auto')
    .option('--net <names>', `networks, of ${verifiedNames.join(', ')}`, 'CNN6')
    .option('--bits <numbers>', 'widths of weights and activations, 2..8', '2..8')
    .option('--scales <names>', 'scales of the weights, one a tensor, one a filter', SCALES.join(','))
    .option('--images <count>', 'test images, the first ones (default: all)')
    .option('--float-steps <count>', 'optimizer steps of 100 images for the float network', '300')
    .option('--steps <count>', 'optimizer steps of the quantized network; 0: only calibrated', '50')
    .option('--seed <number>', 'of weights and batches', '1')
    .option('--weights <folder>', 'where trained weights of ResNet-20 and ResNet-56 lie; these are only calibrated')
    .option('--data <directory>', 'where CIFAR-10 lies unpacked (default: $LOWBIT_DATA, the cache, or a download)')
    .option('--witness', 'also run the ONNX export in onnxruntime and count images of another class', false)
    .option('--browser [path]', `also run the integer networks in Chromium, at this path or ${CHROMIUM}`)
    .option('--json', 'JSON lines instead of a table', false)
    .addHelpText('after', EXPLANATION)
    .action((data: string, _options: unknown, command: Command) => verify(data, command.optsWithGlobals()))
}

async function verify(dataName: string, options: VerifyOptions): Promise<void> {
  const data = parseName<DataName | 'auto'>(dataName, 'data', ['auto', 'cifar10', 'generated'])
  const networks = parseNames(options.net, '--net', verifiedNames)
  const bits = parseNumbers(options.bits, '--bits', { minimum: 2, maximum: 8 })
  const scales = parseNames(options.scales, '--scales', SCALES)
  const unweighted = networks.find((name) => isPublished(name) && options.weights === undefined)
  if (unweighted)
    throw new BenchError('USAGE', `--net ${unweighted}: expected --weights, a folder with its trained weights`)
  if (options.weights !== undefined && !networks.some(isPublished))
    throw new BenchError('USAGE', '--weights: expected ResNet-20 or ResNet-56 in --net; the others are trained here')
  if (options.data !== undefined && data === 'generated')
    throw new BenchError('USAGE', '--data: expected cifar10 or auto beside it; generated images are read from nowhere')
  const count =
    options.images === undefined ? undefined : parseNumber(options.images, '--images', { minimum: 1, maximum: 1e6 })
  const floatSteps = parseNumber(options.floatSteps, '--float-steps', { minimum: 1, maximum: 1e6 })
  const steps = parseNumber(options.steps, '--steps', { minimum: 0, maximum: 1e6 })
  const seed = parseNumber(options.seed, '--seed', { minimum: 0, maximum: 2 ** 29 })

  const progress = speedProgress(process.stderr)
  const directory = options.data && resolve(options.data)
  const reference = await findData(data, { trainingImages: 0, heldOutImages: 1 }, { directory, log: progress.note })
  // Opened below where it was found here; it is known by its checksum.
  if (directory) process.env.LOWBIT_DATA = directory
  const { training, test } = await openData(reference, seed)
  if (count !== undefined && count > test.size)
    throw new BenchError('USAGE', `--images ${count}: expected at most ${test.size}`)
  await useTrainingBackend('plain')

  const print = (line: string) => process.stdout.write(`${line}\n`)
  const { rounds: _, ...engine } = describeEngine(0, engineFlags)
  const { witness, weights } = options
  const shown = count === undefined ? test : take(test, count)
  const grid = { networks, bits, scales, seed, floatSteps, steps, training, images: shown, witness, weights }
  const done: Verification[] = []
  const path = options.browser === true ? CHROMIUM : options.browser
  const page = path === undefined ? undefined : await openBrowser(path)
  try {
    if (options.json) {
      print(JSON.stringify({ ...engine, browser: page?.version, data: reference.name, floatSteps, steps, seed }))
    }
    for await (const verification of verifyGrid({ ...grid, page }, progress.now)) {
      if (options.json) print(JSON.stringify(verification))
      done.push(verification)
    }
  } finally {
    progress.stop()
    await page?.close()
  }
  if (!options.json) {
    print(
      `${engine.engine}, ${engine.cpu}; kernels: ${done[0]!.paths.join(', ')}; ${reference.name}${page ? `; ${page.version}` : ''}`,
    )
    print(verificationTable(done))
    print(`all files and logits: sha256 ${digestOf(done)}`)
  }
  const broken = done.filter(isBroken)
  if (broken.length > 0) {
    const names = broken.map((one) => `${one.network} at ${one.bits} bits, a scale a ${one.scales}`)
    throw new BenchError('VERIFY', `other bits than promised: ${names.join('; ')}`)
  }
}

/** Says in one word whether two engines computed the same. */
function digestOf(verifications: readonly Verification[]): string {
  const hash = createHash('sha256')
  for (const { file, logits } of verifications) hash.update(`${file} ${logits}\n`)
  return hash.digest('hex').slice(0, 16)
}
