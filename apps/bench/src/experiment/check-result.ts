import { BenchError } from '../bench-error.js'
import type { Environment } from './environment.js'
import type { RunResult, StageRecord } from './run-result.js'
import { runName } from './run-specification.js'
import { amount, fraction, list, misfitOf, objectWith, one, optional, text } from './shape.js'
import { specificationShape } from './specification-shape.js'

/**
 * A result that was read: whole, so that tables and figures can be made of it, and named by its specification's hash.
 * Errors: `RESULTS`, naming `where` it stood.
 */
export function checkedResult(value: unknown, where: string): RunResult {
  const misfit = misfitOf(value, resultShape)
  if (misfit) throw new BenchError('RESULTS', `${where}: expected the result of a run; ${misfit}`)
  const result = value as RunResult
  if (result.run !== runName(result.specification))
    throw new BenchError('RESULTS', `${where}: run ${result.run} does not match its specification`)
  return result
}

const point = one('a step and an accuracy', (value) => {
  const [step, accuracy] = Array.isArray(value) ? value : []
  return amount(step) === undefined && fraction(accuracy) === undefined
})

const resultShape = objectWith<RunResult>({
  run: text,
  specification: specificationShape,
  accuracy: objectWith<RunResult['accuracy']>({ start: fraction, heldOut: fraction, test: fraction }),
  stages: list(objectWith<StageRecord>({ name: text, step: amount, begin: fraction, end: fraction })),
  course: optional(list(point)),
  largestDrop: fraction,
  steps: amount,
  weights: text,
  seconds: amount,
  finished: text,
  environment: objectWith<Environment>({
    node: text,
    v8: text,
    tfjs: text,
    lowbit: text,
    cpu: text,
    cores: amount,
    platform: text,
    backend: text,
    kernels: text,
  }),
})
