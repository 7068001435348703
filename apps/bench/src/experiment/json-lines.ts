import { readFile } from 'node:fs/promises'
import { BenchError } from '../bench-error.js'

export interface JsonLines {
  readonly values: readonly unknown[]
  /** What stood after the last line break: the beginning of a line whose writer was killed. */
  readonly cut: string | undefined
}

/** Reads a file of one JSON value a line; a missing file has none. Errors: `RESULTS`, naming file and line. */
export async function readJsonLines(path: string): Promise<JsonLines> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { values: [], cut: undefined }
    throw error
  }
  const lines = text.split('\n')
  const last = lines.pop() ?? ''
  const values = lines.map((line, index) => {
    try {
      return JSON.parse(line) as unknown
    } catch {
      throw new BenchError('RESULTS', `${path}, line ${index + 1}: expected a JSON object, got ${shorten(line)}`)
    }
  })
  return { values, cut: last === '' ? undefined : last }
}

const shorten = (line: string) => (line.length > 40 ? `${JSON.stringify(line.slice(0, 40))}…` : JSON.stringify(line))
