import * as v from 'valibot'

/** Values of which results and specifications consist; a message says what is expected. */
export const text = v.string('text')
export const yesOrNo = v.boolean('true or false')
export const amount = numberThat('a number from 0 on', (x) => x >= 0)
export const fraction = numberThat('a number from 0 to 1', (x) => x >= 0 && x <= 1)
export const count = numberThat('a whole number from 0 on', (x) => Number.isSafeInteger(x) && x >= 0)

export function numberThat(expected: string, fits: (x: number) => boolean) {
  return v.custom<number>((x) => typeof x === 'number' && Number.isFinite(x) && fits(x), expected)
}

export function oneOf<const Name extends string>(...names: readonly Name[]) {
  return v.picklist(names, names.join(' or '))
}

export function listOf<const Schema extends v.GenericSchema>(schema: Schema) {
  return v.array(schema, 'a list')
}

/** An object with all fields of a type; what else it has is not looked at. */
export function objectOf<T>(fields: Readonly<Record<keyof T & string, v.GenericSchema>>) {
  // Lists are objects to valibot.
  return v.pipe(
    v.custom<object>((value) => typeof value === 'object' && value !== null && !Array.isArray(value), 'an object'),
    v.object(fields, 'an object'),
  )
}
