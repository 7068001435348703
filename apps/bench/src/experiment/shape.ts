/** What a value that was read has to be; gives the first place in it that is something else. */
export type Shape = (value: unknown) => Misfit | undefined

interface Misfit {
  readonly path: string
  readonly got: unknown
  readonly expected: string
}

/** `seed is "x", not a whole number from 0 on`, of the first place that does not fit; undefined where all does. */
export function misfitOf(value: unknown, shape: Shape): string | undefined {
  const misfit = shape(value)
  if (misfit === undefined) return undefined
  const { path, got, expected } = misfit
  if (got === undefined) return `${path || 'it'} is missing (expected ${expected})`
  const text = JSON.stringify(got)
  return `${path || 'it'} is ${text.length > 40 ? `${text.slice(0, 40)}…` : text}, not ${expected}`
}

/** An object with all fields of a type; what else it has is not looked at. */
export const objectWith =
  <T>(fields: Readonly<Record<keyof T & string, Shape>>): Shape =>
  (value) =>
    isObject(value)
      ? firstOf(Object.entries<Shape>(fields), ([name, shape]) => within(name, shape(value[name])))
      : { path: '', got: value, expected: 'an object' }

/** An object whose fields, whatever their names, are of one shape. */
export const objectOf =
  (shape: Shape): Shape =>
  (value) =>
    isObject(value)
      ? firstOf(Object.entries(value), ([name, field]) => within(name, shape(field)))
      : { path: '', got: value, expected: 'an object' }

export const list =
  (shape: Shape): Shape =>
  (value) =>
    Array.isArray(value)
      ? firstOf([...value.entries()], ([index, item]) => within(String(index), shape(item)))
      : { path: '', got: value, expected: 'a list' }

export const optional =
  (shape: Shape): Shape =>
  (value) =>
    value === undefined ? undefined : shape(value)

export const one =
  (expected: string, fits: (value: unknown) => boolean): Shape =>
  (value) =>
    fits(value) ? undefined : { path: '', got: value, expected }

export const oneOf = (...values: readonly string[]): Shape =>
  one(values.join(' or '), (value) => values.some((known) => known === value))

export const text = one('text', (value) => typeof value === 'string')
export const yesOrNo = one('true or false', (value) => typeof value === 'boolean')
export const number = one('a number', (value) => Number.isFinite(value))
export const amount = one('a number from 0 on', (value) => isNumber(value) && value >= 0)
export const fraction = one('a number from 0 to 1', (value) => isNumber(value) && value >= 0 && value <= 1)
export const count = one(
  'a whole number from 0 on',
  (value) => Number.isSafeInteger(value) && isNumber(value) && value >= 0,
)

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const within = (name: string, misfit: Misfit | undefined): Misfit | undefined =>
  misfit && { ...misfit, path: misfit.path === '' ? name : `${name}.${misfit.path}` }

function firstOf<T>(items: readonly T[], misfit: (item: T) => Misfit | undefined): Misfit | undefined {
  for (const item of items) {
    const found = misfit(item)
    if (found) return found
  }
  return undefined
}
