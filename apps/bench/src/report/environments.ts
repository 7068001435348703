import { stringify } from 'safe-stable-stringify'
import type { Environment } from '../experiment/environment.js'
import type { Experiment } from './experiments.js'

/** The environments an experiment's runs were computed in, with the number of runs, the most used first. */
export function environmentsOf({ networks }: Experiment): { environment: Environment; runs: number }[] {
  const environments = new Map<string, { environment: Environment; runs: number }>()
  for (const { environment } of networks.flatMap(({ rows }) => rows.flatMap(({ runs }) => runs))) {
    const key = stringify(environment)
    environments.set(key, { environment, runs: (environments.get(key)?.runs ?? 0) + 1 })
  }
  return [...environments]
    .sort(([a, first], [b, second]) => second.runs - first.runs || (a < b ? -1 : 1))
    .map(([, entry]) => entry)
}
