import { IntegerNetworkError } from './integer-network-error.js'

/** Reads the fields of one JSON object that nobody vouches for. Every reader refuses what is not as documented. */
export interface Fields {
  text(key: string): string
  number(key: string): number
  numberOrNull(key: string): number | null
  numbers(key: string, length?: number): readonly number[]
  texts(key: string, length: number): readonly string[]
  object(key: string): Fields
  objects(key: string): readonly Fields[]
  /** Refuses fields that nothing has read. */
  end(): void
}

export function fieldsOf(value: unknown, where: string): Fields {
  if (!isObject(value)) throw new IntegerNetworkError('GRAPH', `${where} is no object`)
  const read = new Set<string>()
  const get = (key: string): unknown => {
    read.add(key)
    if (!Object.hasOwn(value, key)) throw new IntegerNetworkError('GRAPH', `${where} has no field "${key}"`)
    return value[key]
  }
  function expect<T>(key: string, is: (field: unknown) => field is T, expected: string): T {
    const field = get(key)
    if (!is(field)) {
      throw new IntegerNetworkError('GRAPH', `${where}: field "${key}" is ${excerpt(field)}, expected ${expected}`)
    }
    return field
  }
  return {
    text: (key) => expect(key, isText, 'text'),
    number: (key) => expect(key, isNumber, 'a number'),
    numberOrNull: (key) => expect(key, isNumberOrNull, 'a number or null'),
    numbers: (key, length) => expect(key, listOf(isNumber, length), `a list of ${length ?? ''} numbers`),
    texts: (key, length) => expect(key, listOf(isText, length), `a list of ${length} texts`),
    object: (key) => fieldsOf(get(key), `${where}.${key}`),
    objects: (key) =>
      expect(key, listOf(isObject), 'a list of objects').map((item, i) => fieldsOf(item, `${where}.${key}[${i}]`)),
    end() {
      for (const key of Object.keys(value)) {
        if (!read.has(key)) throw new IntegerNetworkError('GRAPH', `${where} has the unknown field ${excerpt(key)}`)
      }
    },
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isText = (value: unknown): value is string => typeof value === 'string'
// Minus zero is no number of the format: it would not come back from its JSON.
const isNumber = (value: unknown): value is number => typeof value === 'number' && !Object.is(value, -0)
const isNumberOrNull = (value: unknown): value is number | null => value === null || isNumber(value)
const listOf =
  <T>(is: (item: unknown) => item is T, length?: number) =>
  (value: unknown): value is T[] =>
    Array.isArray(value) && (length === undefined || value.length === length) && value.every(is)

/** A value of the file as it may stand in a message: JSON, cut at 80 characters. */
export function excerpt(value: unknown): string {
  const text = JSON.stringify(value) ?? 'absent'
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}
