import { stringify } from 'safe-stable-stringify'
import { placeOfMethod } from '../experiment/method-order.js'
import type { RunResult } from '../experiment/run-result.js'
import { baselineOf, type FloatRun, methodOf, type QuantizedRun } from '../experiment/run-specification.js'

/** Runs that may stand in one table: they differ in nothing but network, width, method, its settings, and seed. */
export interface Experiment {
  readonly common: CommonSettings
  readonly networks: readonly NetworkRows[]
}

/** The specification that all runs of an experiment share; without `training` where there are only float runs. */
export interface CommonSettings {
  readonly baseline: Omit<FloatRun, 'network' | 'seed'>
  readonly training?: QuantizedRun['training']
}

export interface NetworkRows {
  readonly network: FloatRun['network']
  /** Float first, then by width and method. */
  readonly rows: readonly Row[]
}

/** Runs that differ in nothing but their seed, in the order of their seeds. */
export interface Row {
  /** 32 for float. */
  readonly bits: number
  /** As `methodOf` calls it, with the settings that are not the method's defaults. */
  readonly method: string
  readonly runs: readonly RunResult[]
}

/**
 * Groups results: whatever a specification holds beside network, width, method, its settings and seed keeps runs apart. A
 * float run stands in every experiment that has quantized runs of its network and its settings, else in one of its own.
 */
export function experimentsOf(results: readonly RunResult[]): Experiment[] {
  const groups = new Map<string, { common: CommonSettings; runs: RunResult[] }>()
  const join = (common: CommonSettings, result: RunResult) => {
    const key = stringify(common)
    const group = groups.get(key)
    if (group) group.runs.push(result)
    else groups.set(key, { common, runs: [result] })
  }
  for (const result of results)
    if (result.specification.kind === 'quantized') join(quantizedSettings(result.specification), result)
  const quantized = [...groups.values()]
  for (const result of results) {
    const { specification } = result
    if (specification.kind !== 'float') continue
    const baseline = floatSettings(specification)
    const users = quantized.filter(
      ({ common, runs }) =>
        stringify(common.baseline) === stringify(baseline) &&
        runs.some((run) => baselineOf(run.specification).network === specification.network),
    )
    for (const { common } of users) join(common, result)
    if (users.length === 0) join({ baseline }, result)
  }
  return [...groups.values()]
    .map(({ common, runs }) => ({ common, networks: networkRows(runs) }))
    .sort((a, b) => compareBy(a, b, placeOf))
}

/** `seed` of the run itself or of the baseline it stands on: what pairs runs of two rows. */
export const seedOf = (run: RunResult) => baselineOf(run.specification).seed

/** The methods of some rows, in the order of the tables, whichever widths have runs of them. */
export function methodsOf(rows: readonly Row[]): string[] {
  const place = (method: string) => [placeOfMethod(method), method]
  return [...new Set(rows.map(({ method }) => method))].sort((a, b) => compareBy(a, b, place))
}

export const isFloat = ({ method }: Row) => method === 'float'

function floatSettings({ network: _, seed: __, ...settings }: FloatRun): CommonSettings['baseline'] {
  return settings
}

/** By leaving out, not by picking: a field that specifications gain keeps runs apart without a change here. */
function quantizedSettings({ bits: _, method: __, settings: ___, baseline, ...common }: QuantizedRun): CommonSettings {
  return { ...common, baseline: floatSettings(baseline) }
}

function networkRows(runs: readonly RunResult[]): NetworkRows[] {
  const networks = [...new Set(runs.map(({ specification }) => baselineOf(specification).network))]
  return networks
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map((network) => ({
      network,
      rows: rowsOf(runs.filter(({ specification }) => baselineOf(specification).network === network)),
    }))
}

function rowsOf(runs: readonly RunResult[]): Row[] {
  const rows = new Map<string, { bits: number; method: string; runs: RunResult[] }>()
  for (const run of runs) {
    const bits = run.specification.kind === 'float' ? 32 : run.specification.bits
    const method = methodOf(run.specification)
    const key = `${bits} ${method}`
    const row = rows.get(key)
    if (row) row.runs.push(run)
    else rows.set(key, { bits, method, runs: [run] })
  }
  for (const row of rows.values()) row.runs.sort((a, b) => seedOf(a) - seedOf(b))
  const place = ({ bits, method }: Row) => [bits === 32 ? 0 : bits, placeOfMethod(method), method]
  return [...rows.values()].sort((a, b) => compareBy(a, b, place))
}

/** Real data before drawn, equal totals before equal stages, long runs before short, float alone last. */
function placeOf({ common }: Experiment): (number | string)[] {
  const { baseline, training } = common
  return [
    Number(baseline.data.name === 'generated'),
    Number(training === undefined),
    Number(training?.budget === 'stage'),
    -(training?.epochs ?? 0),
    -baseline.training.epochs,
    Number(training?.perChannel === true),
    training?.activationBits ?? 0,
    stringify(common),
  ]
}

/** Compares by the first places that differ. */
function compareBy<T>(a: T, b: T, place: (item: T) => readonly (number | string)[]): number {
  const [first, second] = [place(a), place(b)]
  const at = first.findIndex((value, i) => value !== second[i])
  return at < 0 ? 0 : first[at]! < second[at]! ? -1 : 1
}
