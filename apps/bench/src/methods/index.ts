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
import type { Method, MethodSettings, Recipe } from './method.js'
import { neuron } from './neuron.js'
import { neuronBySensitivity } from './neuron-by-sensitivity.js'
import { neuronLsq } from './neuron-lsq.js'
import { neuronLsqDistilled } from './neuron-lsq-distilled.js'
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

/** What is to be changed of a method's settings: those that are its defaults are left out, undefined where all are. */
export function changedSettings(name: MethodName, given: MethodSettings): MethodSettings | undefined {
  const defaults: MethodSettings = methods.find((method) => method.name === name)?.settings ?? {}
  const changed = Object.entries(given).filter(([setting, value]) => defaults[setting] !== value)
  return changed.length > 0 ? Object.fromEntries(changed) : undefined
}

/**
 * The recipe of the method of this name, with some of its settings changed.
 * Errors: `USAGE` where there is no such method, or it has no such setting.
 */
export function recipeOf(name: string, changed: MethodSettings = {}): Recipe {
  const method: Method | undefined = methods.find((method) => method.name === name)
  if (method === undefined) throw new BenchError('USAGE', `method ${name}: expected ${METHODS.join(', ')}`)
  const known = Object.keys(method.settings)
  for (const setting of Object.keys(changed)) {
    if (!known.includes(setting))
      throw new BenchError('USAGE', `${setting} is no setting of ${name}: expected ${known.join(', ') || 'none'}`)
  }
  return method.make(changed)
}

/** The methods for `--help`, a line each with the settings that can be changed. */
export function describeMethods(): string {
  const width = Math.max(...METHODS.map((name) => name.length))
  return methods
    .map(({ name, description, settings }) => {
      const list = Object.entries(settings).map(([setting, value]) => `${setting}=${value}`)
      return `  ${name.padEnd(width)}  ${description}${list.length > 0 ? ` [${list.join(', ')}]` : ''}`
    })
    .join('\n')
}
