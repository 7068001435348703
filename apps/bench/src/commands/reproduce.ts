import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { cnnNames } from '@lowbit/models'
import { Command, Option } from 'commander'
import { BenchError } from '../bench-error.js'
import { accuracyRows, formatAccuracyTable, formatSpread } from '../experiment/accuracy-table.js'
import { adoptResults } from '../experiment/adopt-results.js'
import { carryOut } from '../experiment/carry-out.js'
import { type DataName, findData } from '../experiment/data.js'
import { runsOf } from '../experiment/grid.js'
import { PAPER_METHODS } from '../experiment/paper.js'
import { PROFILE_NAMES, PROFILES, type Profile, type ProfileName } from '../experiment/profile.js'
import { openResultsFile } from '../experiment/results-file.js'
import type { RunResult } from '../experiment/run-result.js'
import {
  AUGMENTATIONS,
  type AugmentationName,
  describeRun,
  type KernelPath,
  runName,
} from '../experiment/run-specification.js'
import { checkSettings, describeMethods, describeSettings, METHODS } from '../methods/index.js'
import { describeExperiment } from '../report/experiment-title.js'
import { formatDuration } from '../terminal/duration.js'
import { liveView } from '../terminal/live-view.js'
import { parseAmount, parseName, parseNames, parseNumber, parseNumbers, parseSettings } from './lists.js'

interface ReproduceOptions {
  readonly net: string
  readonly bits: string
  readonly activationBits?: string
  readonly method: string
  readonly set?: string
  readonly seeds?: string
  readonly profile: ProfileName
  readonly floatEpochs?: string
  readonly epochs?: string
  readonly augment?: AugmentationName
  readonly groups?: string
  readonly batch?: string
  readonly rate?: string
  readonly finalRate?: string
  readonly budget: 'total' | 'stage'
  readonly wholeEpochs?: string
  readonly perChannel: boolean
  readonly data?: string
  readonly out: string
  readonly adopt?: string
  readonly jobs: string
  readonly kernels: KernelPath
  readonly debug: boolean
}

/** `lowbit-bench reproduce`: a grid of runs, and the table of what came out. */
export function reproduceCommand(): Command {
  const profiles = PROFILE_NAMES.map((name) => {
    const { float, quantized, duration } = PROFILES[name]
    return `${name} (${float.epochs} float and ${quantized.epochs} quantized epochs, ${duration})`
  }).join(', ')
  return new Command('reproduce')
    .description('trains float baselines, quantizes them under each method and prints the accuracies as a table')
    .argument('[data]', 'cifar10, generated, or auto: cifar10 where it can be had, else generated', 'auto')
    .option('--net <names>', `networks, of ${cnnNames.join(', ')}`, 'CNN6')
    .option('--bits <numbers>', 'widths of weights and activations, 2..8', '3')
    .option(
      '--activation-bits <number>',
      'width of activations where it is another, 2..8 (default: that of the weights)',
    )
    .option('--method <names>', 'methods, of those below', METHODS.filter((name) => PAPER_METHODS.has(name)).join(','))
    .option(
      '--set <settings>',
      'settings of these methods, such as wholeShare=0.25,order=backward (default: those below)',
    )
    .option('--seeds <numbers>', 'seeds such as 1..3 (default: as the profile has it)')
    .addOption(
      new Option(
        '--profile <name>',
        `how much is done, and how long it takes for CNN6 at one width on two cores: ${profiles}`,
      )
        .choices(PROFILE_NAMES)
        .default('quick'),
    )
    .option('--float-epochs <count>', 'epochs of the float baselines (default: as the profile has it)')
    .option(
      '--epochs <number>',
      'epochs of the quantized runs, as --budget divides them, such as 8 or 0.25 (default: as the profile has it)',
    )
    .addOption(
      new Option(
        '--augment <how>',
        'none; flip; full: flips, crops, rotations (default: as the profile has it)',
      ).choices(AUGMENTATIONS),
    )
    .option('--groups <count>', 'groups that the neurons of a layer are quantized in (default: 4)')
    .option('--batch <count>', 'images a step of the quantized runs (default: 100)')
    .option('--rate <number>', 'learning rate of the quantized runs (default: 1e-3)')
    .option('--final-rate <number>', 'what it has fallen to at their end (default: 5e-5)')
    .addOption(
      new Option(
        '--budget <kind>',
        'total: --epochs for every method, however many stages it has; stage: --epochs for every stage',
      )
        .choices(['total', 'stage'])
        .default('total'),
    )
    .option(
      '--whole-epochs <number>',
      'with --budget stage: epochs of the stretch in which the whole network is quantized (default: as any stage)',
    )
    .option('--per-channel', 'a scale for each filter instead of one for each layer', false)
    .option('--data <directory>', 'where CIFAR-10 lies unpacked (default: $LOWBIT_DATA, the cache, or a download)')
    .option('--out <directory>', 'where runs and results are kept; started again, they go on where they were', 'runs')
    .option(
      '--adopt <directory>',
      'results made before, such as results/: runs that stand there, with the weights of their float networks, are taken over',
    )
    .option('--jobs <count>', 'runs at a time, one process each', String(availableParallelism()))
    .addOption(
      new Option(
        '--kernels <path>',
        'relaxed: fused multiply-add where the engine has it; plain: the same bits everywhere',
      )
        .choices(['relaxed', 'plain'])
        .default('relaxed'),
    )
    .addHelpText(
      'after',
      `\nMethods:\n${describeMethods()}\n\nWhat --set can change in them, the default first:\n${describeSettings()}`,
    )
    .action((data: string, _options: unknown, command: Command) => reproduce(data, command.optsWithGlobals()))
}

async function reproduce(dataName: string, options: ReproduceOptions): Promise<void> {
  const data = parseName<DataName | 'auto'>(dataName, 'data', ['auto', 'cifar10', 'generated'])
  const networks = parseNames(options.net, '--net', cnnNames)
  const bits = parseNumbers(options.bits, '--bits', { minimum: 2, maximum: 8 })
  const activations = options.activationBits === undefined ? {} : { activationBits: widthOf(options.activationBits) }
  const methods = parseNames(options.method, '--method', METHODS)
  const settings = parseSettings(options.set ?? '', '--set')
  await checkSettings(methods, settings)
  const profile = adjusted(PROFILES[options.profile], options)
  const seeds = parseNumbers(options.seeds ?? profile.seeds, '--seeds', { minimum: 0, maximum: 2 ** 29 })
  const jobs = parseNumber(options.jobs, '--jobs', { minimum: 1, maximum: 256 })
  const { budget, perChannel, kernels } = options
  if (options.wholeEpochs !== undefined && budget !== 'stage')
    throw new BenchError('USAGE', '--whole-epochs: expected --budget stage beside it; else stages share --epochs')
  if (options.data !== undefined && data === 'generated')
    throw new BenchError('USAGE', '--data: expected cifar10 or auto beside it; generated images are read from nowhere')
  const wholeEpochs =
    options.wholeEpochs === undefined ? {} : { wholeEpochs: quantizedEpochs(options.wholeEpochs, '--whole-epochs') }

  const interrupted = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () =>
      interrupted.abort(new BenchError('RUN', `stopped by ${signal}; the same command goes on`)),
    )

  const log = (line: string) => process.stderr.write(`lowbit-bench: ${line}\n`)
  const directory = options.data && resolve(options.data)
  const reference = await findData(data, profile, { directory, log, signal: interrupted.signal })
  // The runs' processes look where this one found it; they know it by its checksum.
  if (directory) process.env.LOWBIT_DATA = directory
  const grid = { networks, bits, methods, settings, seeds, budget, ...wholeEpochs, perChannel, ...activations, kernels }
  const runs = runsOf(grid, profile, reference)

  const began = Date.now()
  const store = resolve(options.out)
  if (options.adopt !== undefined) {
    const { adopted, here } = await adoptResults(runs, resolve(options.adopt), store, log)
    const left = runs.length - adopted - here
    log(
      `${runs.length} runs: ${adopted} taken over from ${options.adopt}, ${here} were here, ${left} to be carried out`,
    )
  }
  const results = await openResultsFile(join(store, 'results.jsonl'), log)
  const finished: RunResult[] = []
  const view = liveView(runs, process.stderr)
  try {
    await carryOut(runs, {
      store,
      jobs,
      debug: options.debug,
      signal: interrupted.signal,
      onProgress: view.progress,
      async onResult(run, result) {
        const recorded = results.results.get(runName(run))
        // A run that was done anew has another result: the last one counts.
        if (recorded?.finished !== result.finished || recorded.weights !== result.weights) await results.append(result)
        finished.push(result)
        view.finished(run, resultLine(result))
      },
    })
  } finally {
    view.stop()
  }
  process.stdout.write(`${formatAccuracyTable(accuracyRows(finished))}\n`)
  process.stdout.write(`${caption(reference.name, options, finished)}\n`)
  process.stderr.write(
    `${runs.length} runs in ${formatDuration((Date.now() - began) / 1000)}; results in ${results.path}\n`,
  )
}

/** The profile with what was asked for in its place. */
function adjusted(profile: Profile, options: ReproduceOptions): Profile {
  const { floatEpochs, epochs, augment, groups, batch, rate, finalRate } = options
  const augmentation = augment && { augmentation: augment }
  return {
    ...profile,
    float: {
      ...profile.float,
      ...(floatEpochs !== undefined && {
        epochs: parseNumber(floatEpochs, '--float-epochs', { minimum: 1, maximum: MOST_EPOCHS }),
      }),
      ...augmentation,
    },
    quantized: {
      ...profile.quantized,
      ...(epochs !== undefined && { epochs: quantizedEpochs(epochs, '--epochs') }),
      ...augmentation,
      ...(groups !== undefined && { groups: parseNumber(groups, '--groups', { minimum: 1, maximum: 10_000 }) }),
      ...(batch !== undefined && { batch: parseNumber(batch, '--batch', { minimum: 1, maximum: 1000 }) }),
      ...(rate !== undefined && { learningRate: parseAmount(rate, '--rate') }),
      ...(finalRate !== undefined && { finalLearningRate: parseAmount(finalRate, '--final-rate') }),
    },
  }
}

const widthOf = (text: string) => parseNumber(text, '--activation-bits', { minimum: 2, maximum: 8 })
const MOST_EPOCHS = 10_000
const quantizedEpochs = (text: string, option: string) => parseAmount(text, option, { maximum: MOST_EPOCHS })

function resultLine({ specification, accuracy, seconds, stages }: RunResult): string {
  const test = formatSpread({ mean: 100 * accuracy.test, deviation: undefined })
  const parts = stages.length > 1 ? `, ${stages.length} stages` : ''
  return `${describeRun(specification).padEnd(26)} ${test} % on the test images  (${formatDuration(seconds)}${parts})`
}

/** What the figures are of, so that the table can stand alone. */
function caption(data: string, { profile }: ReproduceOptions, results: readonly RunResult[]): string {
  const environments = new Set(
    results.map(({ environment: { node, kernels, cpu } }) => `Node ${node}, ${kernels} kernels, ${cpu}`),
  )
  const runs = results.map(({ specification }) => specification)
  const run = runs.find(({ kind }) => kind === 'quantized') ?? runs[0]!
  const settings = describeExperiment(
    run.kind === 'quantized' ? { baseline: run.baseline, training: run.training } : { baseline: run },
  )
  const short = profile === 'paper' ? '' : ' Short runs: not the figures of a full experiment.'
  return (
    `${data}, ${settings}; mean ± standard deviation over seeds. ` +
    `Largest drop: points of held-out accuracy below the best before, at stage borders. ` +
    `${[...environments].join('; ')}.${short}`
  )
}
