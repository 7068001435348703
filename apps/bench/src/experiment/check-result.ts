import * as v from 'valibot'
import { BenchError } from '../bench-error.js'
import type { Environment } from './environment.js'
import { misfitOf } from './misfit.js'
import type { RunResult, StageRecord } from './run-result.js'
import { runName } from './run-specification.js'
import { amount, fraction, listOf, objectOf, text } from './schemas.js'
import { specificationSchema } from './specification-schema.js'

/**
 * A result that was read: whole, so that tables and figures can be made of it, and named by its specification's hash.
 * Errors: `RESULTS`, naming `where` it stood.
 */
export function checkedResult(value: unknown, where: string): RunResult {
  const misfit = misfitOf(value, resultSchema)
  if (misfit) throw new BenchError('RESULTS', `${where}: expected the result of a run; ${misfit}`)
  const result = value as RunResult
  if (result.run !== runName(result.specification))
    throw new BenchError('RESULTS', `${where}: run ${result.run} does not match its specification`)
  return result
}

const point = v.custom((value) => v.is(v.tuple([amount, fraction]), value), 'a step and an accuracy')

const resultSchema = objectOf<RunResult>({
  run: text,
  specification: specificationSchema,
  accuracy: objectOf<RunResult['accuracy']>({ start: fraction, heldOut: fraction, test: fraction }),
  stages: listOf(objectOf<StageRecord>({ name: text, step: amount, begin: fraction, end: fraction })),
  course: v.optional(listOf(point)),
  largestDrop: fraction,
  steps: amount,
  weights: text,
  seconds: amount,
  finished: text,
  environment: objectOf<Environment>({
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
