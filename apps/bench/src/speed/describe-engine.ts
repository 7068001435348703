import { cpus, loadavg } from 'node:os'
import { supportsRelaxedSimd } from '@lowbit/wasm-emit'
import { versionOf } from '../version-of.js'

/** What timings depend on beside the work: the first line of `--json`. */
export interface EngineLine {
  readonly engine: string
  readonly v8: string
  readonly flags: readonly string[]
  readonly relaxedSimd: boolean
  readonly cpu: string
  readonly cores: number
  /** Processes that wanted to compute, in the mean of the last minute. */
  readonly load: number
  readonly platform: string
  readonly lowbit: string
  readonly tfjs: string
  readonly rounds: number
}

/** @param flags those of the engine that were set after its start */
export function describeEngine(rounds: number, flags: readonly string[]): EngineLine {
  const processors = cpus()
  return {
    engine: `node ${process.versions.node}`,
    v8: process.versions.v8,
    flags: [...process.execArgv, ...flags],
    relaxedSimd: supportsRelaxedSimd(),
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    load: Number(loadavg()[0]!.toFixed(1)),
    platform: `${process.platform}-${process.arch}`,
    lowbit: versionOf('@lowbit/int-kernels'),
    tfjs: versionOf('@tensorflow/tfjs'),
    rounds,
  }
}
