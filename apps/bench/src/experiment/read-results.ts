import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { BenchError } from '../bench-error.js'
import { checkedResult } from './check-result.js'
import { readJsonLines } from './json-lines.js'
import type { RunResult } from './run-result.js'
import { describeRun } from './run-specification.js'

/**
 * Reads the results of finished runs from a file of JSON lines, or from every `*.jsonl` in a folder. In one file the last
 * line of a run counts; files that give one run different results are refused. A last line that was cut in the middle is
 * left out and `warn` is told. Errors: `RESULTS`, naming file and line.
 */
export async function readResults(path: string, warn: (message: string) => void): Promise<RunResult[]> {
  const all = new Map<string, { result: RunResult; file: string }>()
  for (const file of await resultFiles(path)) {
    const { values, cut } = await readJsonLines(file)
    if (cut !== undefined) warn(`${file}: the last line was cut off after ${cut.length} characters; it is left out`)
    const read = values.map((value, index) => checkedResult(value, `${file}, line ${index + 1}`))
    const results = new Map(read.map((result) => [result.run, result]))
    for (const [run, result] of results) {
      const known = all.get(run)
      if (known && known.result.weights !== result.weights)
        throw new BenchError(
          'RESULTS',
          `${describeRun(result.specification)}: ${known.file} and ${file} have different results of run ${run}, expected one`,
        )
      all.set(run, { result, file })
    }
  }
  if (all.size === 0)
    throw new BenchError('RESULTS', `${path}: expected results of runs, found none; \`reproduce\` makes them`)
  return [...all.values()].map(({ result }) => result)
}

async function resultFiles(path: string): Promise<string[]> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error
  })
  if (found === undefined)
    throw new BenchError(
      'RESULTS',
      `${path}: expected a file of results or a folder of them, found nothing; \`reproduce\` makes them`,
    )
  if (!found.isDirectory()) return [path]
  const names = (await readdir(path)).filter((name) => name.endsWith('.jsonl'))
  return names.sort().map((name) => join(path, name))
}
