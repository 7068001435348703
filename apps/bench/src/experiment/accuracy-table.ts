import Table from 'cli-table3'
import { stringify } from 'safe-stable-stringify'
import { mean, sampleStandardDeviation } from 'simple-statistics'
import { placeOfMethod } from './method-order.js'
import { publishedAccuracy } from './paper.js'
import type { RunResult } from './run-result.js'
import { baselineOf, methodOf, type RunSpecification } from './run-specification.js'

/** A row of the experiment's table: runs that differ in nothing but their seed. Accuracies in percent. */
export interface AccuracyRow {
  readonly network: string
  /** 32 for float. */
  readonly bits: number
  /** As `methodOf` calls it. */
  readonly method: string
  readonly seeds: readonly number[]
  readonly test: Spread
  readonly heldOut: Spread
  /** The largest drop in any seed, in points. */
  readonly largestDrop: number
  /** Mean seconds of computing a run. */
  readonly seconds: number
  /** From the paper, which does not name its network; undefined for other data than CIFAR-10. */
  readonly published: number | undefined
}

export interface Spread {
  readonly mean: number
  /** Sample standard deviation; undefined for a single seed. */
  readonly deviation: number | undefined
}

/** One row for each setting: by network, then float first, then by width and method. */
export function accuracyRows(results: readonly RunResult[]): AccuracyRow[] {
  const settings = new Map<string, RunResult[]>()
  for (const result of results) {
    const key = settingOf(result.specification)
    const same = settings.get(key)
    if (same) same.push(result)
    else settings.set(key, [result])
  }
  return [...settings.values()].map(rowOf).sort(byPlace)
}

/** The rows as a table for a terminal. */
export function formatAccuracyTable(rows: readonly AccuracyRow[]): string {
  const table = new Table({
    head: ['network', 'bits', 'method', 'seeds', 'test %', 'held-out %', 'largest drop', 'time a run', 'paper %'],
    colAligns: ['left', 'right', 'left', 'right', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [] },
  })
  for (const row of rows) {
    table.push([
      row.network,
      row.bits === 32 ? 'float' : String(row.bits),
      row.method,
      String(row.seeds.length),
      formatSpread(row.test),
      formatSpread(row.heldOut),
      row.method === 'float' ? '' : row.largestDrop.toFixed(1),
      `${row.seconds.toFixed(0)} s`,
      row.published?.toFixed(1) ?? '',
    ])
  }
  return table.toString()
}

export function formatSpread({ mean, deviation }: Spread): string {
  return deviation === undefined ? mean.toFixed(2) : `${mean.toFixed(2)} ± ${deviation.toFixed(2)}`
}

function settingOf(run: RunSpecification): string {
  const withoutSeed = run.kind === 'float' ? { ...run, seed: 0 } : { ...run, baseline: { ...run.baseline, seed: 0 } }
  return stringify(withoutSeed)
}

function rowOf(results: readonly RunResult[]): AccuracyRow {
  const first = results[0]!.specification
  const bits = first.kind === 'float' ? 32 : first.bits
  const method = methodOf(first)
  const { network } = baselineOf(first)
  return {
    network,
    bits,
    method,
    seeds: results.map((result) => baselineOf(result.specification).seed).sort((a, b) => a - b),
    test: spreadOf(results.map((result) => 100 * result.accuracy.test)),
    heldOut: spreadOf(results.map((result) => 100 * result.accuracy.heldOut)),
    largestDrop: 100 * Math.max(...results.map((result) => result.largestDrop)),
    seconds: mean(results.map((result) => result.seconds)),
    published: publishedAccuracy(first),
  }
}

export function spreadOf(values: number[]): Spread {
  return { mean: mean(values), deviation: values.length > 1 ? sampleStandardDeviation(values) : undefined }
}

function byPlace(a: AccuracyRow, b: AccuracyRow): number {
  return (
    a.network.localeCompare(b.network, 'en', { numeric: true }) ||
    Number(b.bits === 32) - Number(a.bits === 32) ||
    a.bits - b.bits ||
    placeOfMethod(a.method) - placeOfMethod(b.method) ||
    a.method.localeCompare(b.method, 'en', { numeric: true })
  )
}
