import * as v from 'valibot'

/**
 * `seed is "x", not a whole number from 0 on`, of the first place that does not fit; undefined where all does.
 * @param schema whose messages say what is expected
 */
export function misfitOf(value: unknown, schema: v.GenericSchema): string | undefined {
  const [issue] = v.safeParse(schema, value, { abortEarly: true }).issues ?? []
  if (issue === undefined) return undefined
  const place = v.getDotPath(issue) ?? 'it'
  if (issue.input === undefined) return `${place} is missing`
  const got = JSON.stringify(issue.input)
  return `${place} is ${got.length > 40 ? `${got.slice(0, 40)}…` : got}, not ${issue.message}`
}
