import { BenchError } from '../bench-error.js'
import { parseJson } from './parse-json.js'
import { readTextIfThere } from './read-file.js'

export interface JsonLines {
  readonly values: readonly unknown[]
  /** What stood after the last line break: the beginning of a line whose writer was killed. */
  readonly cut: string | undefined
}

/** Reads a file of one JSON value a line; a missing file has none. Errors: `RESULTS`, naming file and line. */
export async function readJsonLines(path: string): Promise<JsonLines> {
  const text = (await readTextIfThere(path)) ?? ''
  const lines = text.split('\n')
  const last = lines.pop() ?? ''
  const values = lines.map((line, index) => {
    const value = parseJson(line)
    if (value !== undefined) return value
    throw new BenchError('RESULTS', `${path}, line ${index + 1}: expected a JSON object, got ${shorten(line)}`)
  })
  return { values, cut: last === '' ? undefined : last }
}

const shorten = (line: string) => (line.length > 40 ? `${JSON.stringify(line.slice(0, 40))}…` : JSON.stringify(line))
