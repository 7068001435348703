import { cpus } from 'node:os'
import { versionOf } from '../version-of.js'
import type { KernelPath } from './run-specification.js'

/** What a figure depends on beside its specification. */
export interface Environment {
  readonly node: string
  readonly v8: string
  readonly tfjs: string
  readonly lowbit: string
  readonly cpu: string
  readonly cores: number
  readonly platform: string
  readonly backend: string
  readonly kernels: KernelPath
}

export function describeEnvironment(backend: string, kernels: KernelPath): Environment {
  const processors = cpus()
  return {
    node: process.versions.node,
    v8: process.versions.v8,
    tfjs: versionOf('@tensorflow/tfjs'),
    lowbit: versionOf('@lowbit/schedulers'),
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    platform: `${process.platform}-${process.arch}`,
    backend,
    kernels,
  }
}
