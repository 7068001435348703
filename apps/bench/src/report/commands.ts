import { stringify } from 'safe-stable-stringify'
import { runsOf } from '../experiment/grid.js'
import { PROFILE_NAMES, PROFILES, type Profile } from '../experiment/profile.js'
import { METHODS, type QuantizedRun, type RunSpecification, runName } from '../experiment/run-specification.js'
import { formatSetting, type MethodSettings } from '../methods/settings.js'
import { isFloat, type NetworkRows, type Row, seedOf } from './experiments.js'
import { formatNumberList } from './number-format.js'

/**
 * The command that carries a row's runs out again; for float rows none, for their runs come with every quantized one.
 * Undefined too where `reproduce` has no options for the settings.
 */
export function commandOf(row: Row): string | undefined {
  return commandFor(row.runs.map(({ specification }) => specification))
}

/** As few commands as carry all rows out: rows of the same seeds and settings are asked for together. */
export function commandsOf({ rows }: NetworkRows): string[] {
  const quantized = rows.filter((row) => !isFloat(row))
  const seedsAndSettings = (row: Row) => stringify([row.runs.map(seedOf), settingsOf(row)])
  const widths = groupBy(quantized, ({ bits }) => String(bits)).flatMap((same) => groupBy(same, seedsAndSettings))
  const methodsAsked = ([...rows]: Row[]) => stringify([rows.map(({ method }) => method), seedsAndSettings(rows[0]!)])
  return groupBy(widths, methodsAsked)
    .map((group) => commandFor(group.flat().flatMap(({ runs }) => runs.map(({ specification }) => specification))))
    .filter((command) => command !== undefined)
}

const settingsOf = ({ runs: [run] }: Row) =>
  run?.specification.kind === 'quantized' ? (run.specification.settings ?? {}) : {}

function commandFor(runs: readonly RunSpecification[]): string | undefined {
  const quantized = runs.filter((run) => run.kind === 'quantized')
  const first = quantized[0]
  if (first === undefined) return undefined
  const { baseline, training } = first
  const grid = {
    networks: [...new Set(quantized.map((run) => run.baseline.network))],
    bits: [...new Set(quantized.map(({ bits }) => bits))],
    methods: METHODS.filter((method) => quantized.some((run) => run.method === method)),
    seeds: [...new Set(quantized.map((run) => run.baseline.seed))],
    budget: training.budget,
    ...(training.wholeEpochs === undefined ? {} : { wholeEpochs: training.wholeEpochs }),
    perChannel: training.perChannel,
    ...(training.activationBits === undefined ? {} : { activationBits: training.activationBits }),
    kernels: baseline.kernels,
    settings: first.settings ?? {},
  }
  const names = new Set(runs.map(runName))
  const fitting = candidates(first).find(({ profile }) => {
    const { trainingImages, heldOutImages } = profile
    const data = { ...baseline.data, trainingImages, heldOutImages }
    const made = runsOf(grid, profile, data).filter(({ kind }) => kind === 'quantized')
    return made.length === names.size && made.every((run) => names.has(runName(run)))
  })
  if (fitting === undefined) return undefined
  return [
    'pnpm bench reproduce',
    baseline.data.name === 'cifar-10' ? 'cifar10' : baseline.data.name,
    `--net ${grid.networks.join(',')}`,
    `--bits ${formatNumberList(grid.bits)}`,
    ...(training.activationBits === undefined ? [] : [`--activation-bits ${training.activationBits}`]),
    `--method ${grid.methods.join(',')}`,
    ...(first.settings ? [`--set ${settingsList(first.settings)}`] : []),
    `--seeds ${formatNumberList(grid.seeds)}`,
    ...fitting.options,
    `--budget ${grid.budget}`,
    ...(training.wholeEpochs === undefined ? [] : [`--whole-epochs ${training.wholeEpochs}`]),
    ...(grid.perChannel ? ['--per-channel'] : []),
    ...(grid.kernels === 'plain' ? ['--kernels plain'] : []),
  ].join(' ')
}

const settingsList = (settings: MethodSettings) =>
  Object.entries(settings)
    .map(([name, value]) => `${name}=${formatSetting(value)}`)
    .join(',')

interface Candidate {
  readonly profile: Profile
  readonly options: readonly string[]
}

/** Each profile with what `reproduce` can adjust in it set as in the run, those that need the fewest options first. */
function candidates({ baseline, training }: QuantizedRun): Candidate[] {
  return [...PROFILE_NAMES]
    .reverse()
    .map((name) => {
      const { float, quantized, ...rest }: Profile = PROFILES[name]
      const { augmentation, epochs, groups, batch, learningRate, finalLearningRate } = training
      const floatEpochs = baseline.training.epochs
      return {
        profile: {
          ...rest,
          float: { ...float, epochs: floatEpochs, augmentation },
          quantized: { ...quantized, epochs, augmentation, groups, batch, learningRate, finalLearningRate },
        },
        options: [
          `--profile ${name}`,
          ...(float.epochs === floatEpochs ? [] : [`--float-epochs ${floatEpochs}`]),
          ...(quantized.epochs === epochs ? [] : [`--epochs ${epochs}`]),
          ...(quantized.augmentation === augmentation ? [] : [`--augment ${augmentation}`]),
          ...(quantized.groups === groups ? [] : [`--groups ${groups}`]),
          ...(quantized.batch === batch ? [] : [`--batch ${batch}`]),
          ...(quantized.learningRate === learningRate ? [] : [`--rate ${learningRate}`]),
          ...(quantized.finalLearningRate === finalLearningRate ? [] : [`--final-rate ${finalLearningRate}`]),
        ],
      }
    })
    .sort((a, b) => a.options.length - b.options.length)
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(key(item))
    if (group) group.push(item)
    else groups.set(key(item), [item])
  }
  return [...groups.values()]
}
