import { BenchError } from '../bench-error.js'

/** Settings of a method that were changed, by name: numbers, lists of them, and words out of a few. */
export type MethodSettings = Readonly<Record<string, SettingValue>>

export type SettingValue = number | readonly number[] | string

/** What can be set: a number or a list of them stands for itself as the default, of words the first one is. */
export type SettingDefaults = Readonly<Record<string, SettingDefault>>

type SettingDefault = number | readonly [number, ...number[]] | readonly [string, ...string[]]

/** The values of all settings. */
export type Settings<Defaults extends SettingDefaults> = {
  readonly [Name in keyof Defaults]: Defaults[Name] extends readonly string[]
    ? Defaults[Name][number]
    : Defaults[Name] extends readonly number[]
      ? readonly number[]
      : number
}

/** The settings themselves, where a method with these defaults has them. Errors: `USAGE` with what was expected. */
export function checkedSettings(method: string, defaults: SettingDefaults, changed: MethodSettings): MethodSettings {
  for (const [name, value] of Object.entries(changed)) {
    const known = Object.hasOwn(defaults, name) ? defaults[name] : undefined
    if (known === undefined) {
      throw new BenchError('USAGE', `${name} is no setting of ${method}: expected ${Object.keys(defaults).join(', ')}`)
    }
    const [fits, expected] = expectation(known, value)
    if (!fits) throw new BenchError('USAGE', `${name} of ${method} is ${formatSetting(value)}: expected ${expected}`)
  }
  return changed
}

function expectation(known: SettingDefault, value: SettingValue): [fits: boolean, expected: string] {
  if (typeof known === 'number') return [typeof value === 'number', 'a number']
  if (isWords(known)) return [known.some((word) => word === value), known.join(', ')]
  return [typeof value === 'object', `numbers such as ${formatSetting(known)}`]
}

/** What was given for a setting, as it stands in a run: one number is a list where a list is expected. */
export const valueFor = (known: SettingDefault, given: SettingValue): SettingValue =>
  typeof known === 'object' && !isWords(known) && typeof given === 'number' ? [given] : given

export const defaultOf = (setting: SettingDefault): SettingValue =>
  typeof setting === 'object' && isWords(setting) ? setting[0] : setting

/** A value as it is given on the command line: numbers of a list are joined by `+`, as a comma ends a setting. */
export const formatSetting = (value: SettingValue): string =>
  typeof value === 'object' ? value.join('+') : String(value)

/** A setting with all that it can be for `--help`, the default first. */
export const describeSetting = (setting: SettingDefault): string =>
  typeof setting === 'object' && isWords(setting) ? setting.join('|') : formatSetting(setting)

const isWords = (setting: readonly (number | string)[]): setting is readonly [string, ...string[]] =>
  typeof setting[0] === 'string'

/** All settings, those that were not changed by their defaults. */
export function withDefaults<Defaults extends SettingDefaults>(
  defaults: Defaults,
  changed: MethodSettings,
): Settings<Defaults> {
  const unchanged = Object.entries(defaults).map(([name, setting]) => [name, defaultOf(setting)])
  return { ...Object.fromEntries(unchanged), ...changed }
}
