import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { BenchError } from '../bench-error.js'
import { readIfThere } from './read-file.js'
import { readResults } from './read-results.js'
import { openRunFolder } from './run-folder.js'
import type { RunResult } from './run-result.js'
import { baselineOf, describeRun, type FloatRun, type RunSpecification, runName } from './run-specification.js'

/** What became of the runs that were asked for; all others are still to be carried out. */
export interface Adoption {
  /** Runs, float ones included, that were taken over now. */
  readonly adopted: number
  /** Runs that were finished below the store before. */
  readonly here: number
}

/**
 * Takes over those of `runs` that were finished elsewhere, so that a table grows by the runs that it lacks; `runs` are a
 * grid's, with the float runs that others stand on. `directory` holds results as JSON lines and the weights of float networks
 * as `weights/<run>.safetensors`. A quantized run is taken over only with the float network that it started from: differences
 * between methods are differences between runs that share one. What was finished below `store` stays.
 *
 * Errors: `RESULTS` where weights are not those of their result.
 */
export async function adoptResults(
  runs: readonly RunSpecification[],
  directory: string,
  store: string,
  warn: (message: string) => void,
): Promise<Adoption> {
  const results = new Map((await readResults(directory, warn)).map((result) => [result.run, result]))
  const here = await finishedBelow(store, runs)
  const baselines = new Map(runs.map((run) => [runName(baselineOf(run)), baselineOf(run)]))
  let adopted = 0
  for (const [name, baseline] of baselines) {
    const result = results.get(name)
    const weights = result && (await weightsOf(result, directory))
    if (weights === undefined) continue
    if (!(await adoptWeights(baseline, result!, weights, store))) {
      warn(`${describeRun(baseline)} in ${store} is another than in ${directory}: nothing of it is taken over`)
      continue
    }
    for (const run of runs) {
      const finished = results.get(runName(run))
      if (finished === undefined || here.has(runName(run)) || runName(baselineOf(run)) !== name) continue
      await (await openRunFolder(store, run)).writeResult(finished)
      adopted++
    }
  }
  return { adopted, here: here.size }
}

/** The names of those runs that have a result below `store`. */
async function finishedBelow(store: string, runs: readonly RunSpecification[]): Promise<ReadonlySet<string>> {
  const names = new Set<string>()
  for (const run of runs) {
    const folder = await openRunFolder(store, run)
    if ((await folder.readResult()) !== undefined) names.add(folder.name)
  }
  return names
}

/** The weights of a finished float run, held against its result; `undefined` where they were not kept. */
async function weightsOf(result: RunResult, directory: string): Promise<Uint8Array | undefined> {
  const path = join(directory, 'weights', `${result.run}.safetensors`)
  const weights = await readIfThere(path)
  if (weights === undefined) return undefined
  const digest = createHash('sha256').update(weights).digest('hex')
  if (digest !== result.weights) {
    throw new BenchError(
      'RESULTS',
      `${path}: sha256 is ${digest}, expected ${result.weights} as in the result of ${describeRun(result.specification)}`,
    )
  }
  return weights
}

/** The float network that others start from, put where they look for it; false where another one stands there. */
async function adoptWeights(
  baseline: FloatRun,
  result: RunResult,
  weights: Uint8Array,
  store: string,
): Promise<boolean> {
  const folder = await openRunFolder(store, baseline)
  const own = await folder.readResult()
  if (own !== undefined) return own.weights === result.weights
  await folder.writeWeights(weights)
  return true
}
