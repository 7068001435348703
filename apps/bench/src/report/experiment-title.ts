import { stringify } from 'safe-stable-stringify'
import type { CommonSettings } from './experiments.js'

/**
 * A title for each experiment that tells it from all others: data and budget, then whatever else the experiments differ
 * in.
 */
export function experimentTitles(experiments: readonly CommonSettings[]): string[] {
  return distinguished(experiments, titleParts, 2)
}

/** A few words for each experiment, as a table of all of them has room for: the epochs, then whatever else they differ in. */
export function experimentLabels(experiments: readonly CommonSettings[]): string[] {
  return distinguished(experiments, labelParts, 1)
}

/** The first `always` parts of each, and those of the others in which some differ; where these are alike, the settings that differ. */
function distinguished(
  experiments: readonly CommonSettings[],
  partsOf: (experiment: CommonSettings) => readonly string[],
  always: number,
): string[] {
  const parts = experiments.map(partsOf)
  const differ = parts[0]?.map((_, i) => i < always || parts.some((other) => other[i] !== parts[0]![i])) ?? []
  const titles = parts.map((part) => part.filter((text, i) => text && differ[i]).join(', '))
  return titles.map((title, i) => {
    const alike = experiments.filter((_, j) => titles[j] === title)
    return alike.length === 1 ? title : `${title}, ${differences(experiments[i]!, alike)}`
  })
}

/** Everything in an experiment's settings as `path` and value, in the order of the paths. */
export function flatSettings(common: CommonSettings): [path: string, value: string][] {
  const entries: [string, string][] = []
  const walk = (value: unknown, path: readonly string[]) => {
    if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) walk(inner, [...path, key])
    else entries.push([path.join('.'), String(value)])
  }
  walk(JSON.parse(stringify(common)), [])
  return entries.filter(([path]) => path !== 'kind' && path !== 'baseline.kind')
}

/** `200 float and 32 quantized epochs, one scale a layer`: what a reader wants to know at once. */
export function describeExperiment({ baseline, training }: CommonSettings): string {
  const held = `${baseline.data.heldOutImages} training images held out`
  if (training === undefined) return `${baseline.training.epochs} float epochs, ${held}`
  const { epochs, wholeEpochs, groups, perChannel, activationBits, budget } = training
  const each = `quantized ${epochs === 1 ? 'epoch' : 'epochs'} ${budget === 'total' ? 'in all' : 'a stage'}`
  const whole = wholeEpochs === undefined ? [] : [`${wholeEpochs} for the whole network quantized`]
  return [
    `${baseline.training.epochs} float and ${epochs} ${each}`,
    ...whole,
    `${groups} groups of neurons a layer`,
    perChannel ? 'a scale a filter' : 'a scale a layer',
    ...(activationBits === undefined ? [] : [`activations of ${activationBits} bits`]),
    held,
  ].join(', ')
}

/** What a reader who compares methods has to know first; undefined where they are compared under the same budget. */
export function warningOf({ training }: CommonSettings): string | undefined {
  return training?.budget === 'stage'
    ? 'Not under equal budgets: methods of more stages train longer, and what they gain may come from that alone.'
    : undefined
}

/** Data and budget first; the others stand in a title only where experiments differ in them. */
function titleParts({ baseline, training }: CommonSettings): string[] {
  return [
    describeData(baseline),
    training === undefined
      ? 'float only'
      : training.budget === 'total'
        ? 'equal steps for every method'
        : 'equal steps for every stage',
    scaleOf(training),
    activationsOf(training),
    epochsOf(baseline, training),
    rateOf(training),
    training && training.augmentation !== baseline.training.augmentation
      ? ''
      : `augmentation ${baseline.training.augmentation}`,
    `${baseline.kernels} kernels`,
  ]
}

/** `8 in all`, or `0.25 a stage, 4 whole`, and beside the epochs what else is of the quantized runs. */
function labelParts({ training }: CommonSettings): string[] {
  if (training === undefined) return ['float only', '', '', '', '']
  const { budget, epochs, wholeEpochs, augmentation } = training
  const whole = wholeEpochs === undefined ? '' : `, ${wholeEpochs} whole`
  return [
    budget === 'total' ? `${epochs} in all` : `${epochs} a stage${whole}`,
    scaleOf(training),
    activationsOf(training),
    rateOf(training),
    `augmentation ${augmentation}`,
  ]
}

/** `CIFAR-10`, or `Generated images (the first 400)`. */
export function describeData({ data }: CommonSettings['baseline']): string {
  const name = data.name === 'cifar-10' ? 'CIFAR-10' : 'Generated images'
  return data.trainingImages === 0 ? name : `${name} (the first ${data.trainingImages})`
}

const scaleOf = (training: CommonSettings['training']) => (training?.perChannel ? 'a scale a filter' : '')
const activationsOf = (training: CommonSettings['training']) =>
  training?.activationBits === undefined ? '' : `activations of ${training.activationBits} bits`
const rateOf = (training: CommonSettings['training']) =>
  training === undefined ? '' : `learning rate ${training.learningRate}`

/** `16 + 8 epochs`, or `16 epochs + 1 a stage + 8 for the whole`. */
function epochsOf({ training: float }: CommonSettings['baseline'], training: CommonSettings['training']): string {
  if (training === undefined) return `${float.epochs} epochs`
  const { budget, epochs, wholeEpochs } = training
  if (budget === 'total') return `${float.epochs} + ${epochs} epochs`
  return `${float.epochs} epochs + ${epochs} a stage${wholeEpochs === undefined ? '' : ` + ${wholeEpochs} for the whole`}`
}

/** The settings in which one of several experiments differs from some other. */
function differences(one: CommonSettings, all: readonly CommonSettings[]): string {
  const others = all.map((settings) => new Map(flatSettings(settings)))
  const paths = [...new Set(others.flatMap((settings) => [...settings.keys()]))].sort()
  const mine = new Map(flatSettings(one))
  return paths
    .filter((path) => others.some((settings) => settings.get(path) !== mine.get(path)))
    .map((path) => `${path} ${(mine.get(path) ?? 'absent').slice(0, 12)}`)
    .join(', ')
}
