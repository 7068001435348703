import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { checkedResult } from './check-result.js'
import { readJsonLines } from './json-lines.js'
import type { RunResult } from './run-result.js'
import { appendJsonLine, writeWhole } from './write-file.js'

/** Results of finished runs, one JSON line each, only ever appended to. */
export interface ResultsFile {
  readonly path: string
  /** The last result of every run, by the run's name. */
  readonly results: ReadonlyMap<string, RunResult>
  append(result: RunResult): Promise<void>
}

/**
 * Opens a results file, which may be missing. A last line that was cut in the middle is set aside in `<path>.cut` and
 * `warn` is told; its run counts as not yet recorded. Errors: `RESULTS`, naming file and line.
 */
export async function openResultsFile(path: string, warn: (message: string) => void): Promise<ResultsFile> {
  const { values, cut } = await readJsonLines(path)
  const read = values.map((value, index) => checkedResult(value, `${path}, line ${index + 1}`))
  const results = new Map(read.map((result) => [result.run, result]))
  if (cut !== undefined) {
    await writeWhole(`${path}.cut`, `${cut}\n`)
    await writeWhole(path, values.map((value) => `${JSON.stringify(value)}\n`).join(''))
    warn(`${path}: the last line was cut off after ${cut.length} characters; it is set aside in ${path}.cut`)
  }
  return {
    path,
    results,
    async append(result) {
      await mkdir(dirname(path), { recursive: true })
      await appendJsonLine(path, result)
      results.set(result.run, result)
    },
  }
}
