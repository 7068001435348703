import { BenchError } from '../bench-error.js'

/** Settings of a method that were changed, by name: numbers, and words out of a few. */
export type MethodSettings = Readonly<Record<string, number | string>>

/** What can be set: a number stands for itself as the default, of words the first one is. */
export type SettingDefaults = Readonly<Record<string, number | readonly [string, ...string[]]>>

/** The values of all settings. */
export type Settings<Defaults extends SettingDefaults> = {
  readonly [Name in keyof Defaults]: Defaults[Name] extends readonly string[] ? Defaults[Name][number] : number
}

/** The settings themselves, where a method with these defaults has them. Errors: `USAGE` with what was expected. */
export function checkedSettings(method: string, defaults: SettingDefaults, changed: MethodSettings): MethodSettings {
  for (const [name, value] of Object.entries(changed)) {
    const known = Object.hasOwn(defaults, name) ? defaults[name] : undefined
    if (known === undefined) {
      throw new BenchError('USAGE', `${name} is no setting of ${method}: expected ${Object.keys(defaults).join(', ')}`)
    }
    const fits = typeof known === 'number' ? typeof value === 'number' : known.some((word) => word === value)
    if (!fits) {
      const expected = typeof known === 'number' ? 'a number' : known.join(', ')
      throw new BenchError('USAGE', `${name} of ${method} is ${value}: expected ${expected}`)
    }
  }
  return changed
}

export const defaultOf = (setting: SettingDefaults[string]): number | string =>
  typeof setting === 'number' ? setting : setting[0]

/** All settings, those that were not changed by their defaults. */
export function withDefaults<Defaults extends SettingDefaults>(
  defaults: Defaults,
  changed: MethodSettings,
): Settings<Defaults> {
  const unchanged = Object.entries(defaults).map(([name, setting]) => [name, defaultOf(setting)])
  return { ...Object.fromEntries(unchanged), ...changed }
}
