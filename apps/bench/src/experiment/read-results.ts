import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { BenchError } from '../bench-error.js'
import { readJsonLines } from './json-lines.js'
import { asEntry } from './results-file.js'
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
    const results = new Map(values.map((value, index) => checked(value, `${file}, line ${index + 1}`)))
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
  const found = await stat(path).catch(() => undefined)
  if (found === undefined)
    throw new BenchError(
      'RESULTS',
      `${path}: expected a file of results or a folder of them, found nothing; \`reproduce\` makes them`,
    )
  if (!found.isDirectory()) return [path]
  const names = (await readdir(path)).filter((name) => name.endsWith('.jsonl'))
  return names.sort().map((name) => join(path, name))
}

/** Checks, beside what a table needs, what the figures and the table of times are made of. */
function checked(value: unknown, where: string): [string, RunResult] {
  const entry = asEntry(value, where)
  const { accuracy, stages, course, steps, seconds, environment } = entry[1]
  const isFraction = (x: unknown) => typeof x === 'number' && x >= 0 && x <= 1
  const isAmount = (x: unknown) => typeof x === 'number' && Number.isFinite(x) && x >= 0
  const isPoint = (x: unknown) => Array.isArray(x) && isAmount(x[0]) && isFraction(x[1])
  const complaint = !isFraction(accuracy.start)
    ? 'accuracy.start between 0 and 1'
    : !Array.isArray(stages) || !stages.every((s) => isFraction(s?.begin) && isFraction(s?.end) && isAmount(s?.step))
      ? 'stages with step, begin and end'
      : course !== undefined && !(Array.isArray(course) && course.every(isPoint))
        ? 'a course of steps and accuracies'
        : !isAmount(steps) || !isAmount(seconds)
          ? 'steps and seconds'
          : typeof environment !== 'object' || environment === null
            ? 'an environment'
            : undefined
  if (complaint) throw new BenchError('RESULTS', `${where}: expected the result of a run with ${complaint}`)
  return entry
}
