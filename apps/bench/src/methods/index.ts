import { checkTrainingOptions, SchedulerError, validatePlan } from '@lowbit/schedulers'
import * as tf from '@tensorflow/tfjs'
import { BenchError } from '../bench-error.js'
import { damped } from './damped.js'
import { direct } from './direct.js'
import { distilled } from './distilled.js'
import { filter } from './filter.js'
import { frozen } from './frozen.js'
import { incremental } from './incremental.js'
import { layer } from './layer.js'
import { lsq } from './lsq.js'
import { lsqDistilled } from './lsq-distilled.js'
import type { Method, Recipe } from './method.js'
import { neuron } from './neuron.js'
import { neuronBySensitivity } from './neuron-by-sensitivity.js'
import { neuronLsq } from './neuron-lsq.js'
import { neuronLsqDistilled } from './neuron-lsq-distilled.js'
import { defaultOf, describeSetting, formatSetting, type MethodSettings, valueFor } from './settings.js'
import { smooth } from './smooth.js'
import { smoothLsq } from './smooth-lsq.js'

/** Every method, in the order of the tables: one of your own is a file like theirs and a line here. */
export const methods = [
  direct,
  layer,
  filter,
  neuron,
  incremental,
  lsq,
  distilled,
  lsqDistilled,
  neuronBySensitivity,
  neuronLsq,
  neuronLsqDistilled,
  damped,
  frozen,
  smooth,
  smoothLsq,
] as const satisfies readonly Method[]

export type MethodName = (typeof methods)[number]['name']
export const METHODS: readonly MethodName[] = methods.map(({ name }) => name)

/**
 * What is to be changed of a method's settings: those that it does not have or that are its defaults are left out, undefined
 * where all are.
 */
export function changedSettings(name: MethodName, given: MethodSettings): MethodSettings | undefined {
  const { settings } = methodOfName(name)
  const changed = Object.entries(given)
    .filter(([setting]) => Object.hasOwn(settings, setting))
    .map(([setting, value]) => [setting, valueFor(settings[setting]!, value)] as const)
    .filter(([setting, value]) => formatSetting(defaultOf(settings[setting]!)) !== formatSetting(value))
  return changed.length > 0 ? Object.fromEntries(changed) : undefined
}

/**
 * The recipe of the method of this name, with some of its settings changed.
 * Errors: `USAGE` where there is no such method, it has no such setting, or it cannot be that.
 */
export function recipeOf(name: string, changed: MethodSettings = {}): Recipe {
  return methodOfName(name).make(changed)
}

/**
 * Refuses settings that none of these methods has, or that one of them cannot be carried out with: found out on a small plan,
 * and on a teacher that teaches nothing, before hours are spent. Errors: `USAGE`
 */
export async function checkSettings(names: readonly MethodName[], given: MethodSettings): Promise<void> {
  for (const setting of Object.keys(given)) {
    if (names.some((name) => Object.hasOwn(methodOfName(name).settings, setting))) continue
    const known = new Set(names.flatMap((name) => Object.keys(methodOfName(name).settings)))
    throw new BenchError(
      'USAGE',
      `${setting} is no setting of ${names.join(', ')}: expected ${[...known].join(', ') || 'none'}`,
    )
  }
  const layers = [
    { name: 'first', filters: 4, weightsPerFilter: 9 },
    { name: 'second', filters: 4, weightsPerFilter: 9 },
  ]
  const sensitivities = async () => layers.map((layer, increase) => ({ name: layer.name, increase }))
  for (const name of names) {
    const { plan, training } = recipeOf(name, changedSettings(name, given))
    try {
      validatePlan(await plan(layers, { steps: 1000, groups: 2 }, { sensitivities }))
      checkTrainingOptions({ learningRate: 1, ...training?.(tf.sequential()) })
    } catch (cause) {
      if (cause instanceof SchedulerError) throw new BenchError('USAGE', cause.message, { cause })
      throw cause
    }
  }
}

/** The methods for `--help`, a line each. */
export function describeMethods(): string {
  const width = Math.max(...METHODS.map((name) => name.length))
  return methods.map(({ name, description }) => `  ${name.padEnd(width)}  ${description}`).join('\n')
}

/** What can be set for `--help`, the default first: a line for all settings that the same methods have. */
export function describeSettings(): string {
  const owners = new Map<string, string[]>()
  for (const { name, settings } of methods as readonly Method[]) {
    for (const [setting, value] of Object.entries(settings)) {
      const text = `${setting}=${describeSetting(value)}`
      owners.set(text, [...(owners.get(text) ?? []), name])
    }
  }
  const lines = new Map<string, string[]>()
  for (const [text, names] of owners) {
    const whose = names.length === methods.length ? 'every method' : names.join(', ')
    lines.set(whose, [...(lines.get(whose) ?? []), text])
  }
  return [...lines].map(([whose, texts]) => `  ${whose}:\n    ${texts.join(', ')}`).join('\n')
}

function methodOfName(name: string): Method {
  const method: Method | undefined = methods.find((method) => method.name === name)
  if (method === undefined) throw new BenchError('USAGE', `method ${name}: expected ${METHODS.join(', ')}`)
  return method
}
