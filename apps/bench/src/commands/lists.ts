import { BenchError } from '../bench-error.js'
import type { SettingValue } from '../methods/settings.js'

/** Reads `1..3`, `2,4` or a mixture of both as whole numbers, each once, in the order given. */
export function parseNumbers(text: string, option: string, allowed: { minimum: number; maximum: number }): number[] {
  const numbers = text.split(',').flatMap((part) => {
    const range = /^\s*(\d{1,9})(?:\.\.(\d{1,9}))?\s*$/.exec(part)
    if (!range) throw usage(option, text, 'whole numbers such as 3, 1..3 or 2,4,8')
    const from = Number(range[1])
    const to = Number(range[2] ?? range[1])
    for (const end of [from, to]) {
      if (end < allowed.minimum || end > allowed.maximum)
        throw usage(option, text, `numbers from ${allowed.minimum} to ${allowed.maximum}`)
    }
    if (to < from) throw usage(option, text, 'ranges that run upwards, such as 1..3')
    if (to - from >= 1000) throw usage(option, text, 'at most 1000 numbers')
    return Array.from({ length: to - from + 1 }, (_, i) => from + i)
  })
  return [...new Set(numbers)]
}

/** Reads one whole number: lists and ranges are refused. */
export function parseNumber(text: string, option: string, allowed: { minimum: number; maximum: number }): number {
  const [number, ...more] = parseNumbers(text, option, allowed)
  if (more.length > 0) throw usage(option, text, 'one number')
  return number!
}

/** Reads a number above 0, and not above `maximum` if there is one. */
export function parseAmount(text: string, option: string, { maximum = Number.MAX_VALUE } = {}): number {
  const amount = Number(text)
  if (text.trim() === '' || !(amount > 0)) throw usage(option, text, 'a number above 0')
  if (amount > maximum)
    throw usage(option, text, maximum === Number.MAX_VALUE ? 'a finite number' : `at most ${maximum}`)
  return amount
}

/** Reads a comma-separated list of names out of `known`, in any case, each once. */
export function parseNames<Name extends string>(text: string, option: string, known: readonly Name[]): Name[] {
  const names = text.split(',').map((part) => {
    const wanted = part.trim().toLowerCase()
    const name = known.find((candidate) => candidate.toLowerCase() === wanted)
    if (name === undefined) throw usage(option, part.trim(), known.join(', '))
    return name
  })
  return [...new Set(names)]
}

/** Reads one name out of `known`, in any case: lists are refused. */
export function parseName<Name extends string>(text: string, option: string, known: readonly Name[]): Name {
  const [name, ...more] = parseNames(text, option, known)
  if (more.length > 0) throw usage(option, text, `one of ${known.join(', ')}`)
  return name!
}

/** Reads `name=1,list=0.5+1,other=word` as numbers, lists of them and words by name; nothing at all as none. */
export function parseSettings(text: string, option: string): Record<string, SettingValue> {
  if (text === '') return {}
  return Object.fromEntries(
    text.split(',').map((part) => {
      const setting = /^\s*(\w+)=(\S+)\s*$/.exec(part)
      const [, name, value] = setting ?? []
      if (name === undefined || value === undefined)
        throw usage(option, part, 'settings such as wholeShare=0.25,order=backward')
      return [name, settingValue(value)]
    }),
  )
}

function settingValue(text: string): SettingValue {
  if (isNumber(text)) return Number(text)
  const parts = text.split('+')
  return parts.every(isNumber) ? parts.map(Number) : text
}

const isNumber = (text: string) => text !== '' && Number.isFinite(Number(text))

function usage(option: string, got: string, expected: string): BenchError {
  return new BenchError('USAGE', `${option} ${got || "''"}: expected ${expected}`)
}
