import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { BenchError } from '../bench-error.js'
import { readIfThere } from './read-file.js'
import { readResults } from './read-results.js'
import { openRunFolder } from './run-folder.js'
import type { RunResult } from './run-result.js'
import { baselineOf, describeRun, type FloatRun, type RunSpecification, runName } from './run-specification.js'

/**
 * Takes over those of `runs` that were finished elsewhere, so that a table grows by the runs that it lacks. `directory` holds
 * results as JSON lines and the weights of float networks as `weights/<run>.safetensors`. A quantized run is taken over only
 * with the float network that it started from: differences between methods are differences between runs that share one.
 * What was finished below `store` stays. Gives the number of runs that stand in both then.
 *
 * Errors: `RESULTS` where weights are not those of their result.
 */
export async function adoptResults(
  runs: readonly RunSpecification[],
  directory: string,
  store: string,
  warn: (message: string) => void,
): Promise<number> {
  const results = new Map((await readResults(directory, warn)).map((result) => [result.run, result]))
  const baselines = new Map(runs.map((run) => [runName(baselineOf(run)), baselineOf(run)]))
  let adopted = 0
  for (const [name, baseline] of baselines) {
    const result = results.get(name)
    const weights = result && (await weightsOf(result, directory))
    if (weights === undefined) continue
    if (!(await adoptBaseline(baseline, result!, weights, store))) {
      warn(`${describeRun(baseline)} in ${store} is another than in ${directory}: nothing of it is taken over`)
      continue
    }
    for (const run of runs) {
      const finished = results.get(runName(run))
      if (finished === undefined || runName(baselineOf(run)) !== name) continue
      const folder = await openRunFolder(store, run)
      if ((await folder.readResult()) === undefined) await folder.writeResult(finished)
      adopted++
    }
  }
  return adopted
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

/** False where another float network stands under this run's name. */
async function adoptBaseline(
  baseline: FloatRun,
  result: RunResult,
  weights: Uint8Array,
  store: string,
): Promise<boolean> {
  const folder = await openRunFolder(store, baseline)
  const own = await folder.readResult()
  if (own !== undefined) return own.weights === result.weights
  await folder.writeWeights(weights)
  await folder.writeResult(result)
  return true
}
