import { describe, expect, it } from 'vitest'
import { quantizedRun, resultOf } from '../../test/example-runs.js'
import { checkedResult } from './check-result.js'
import { type RunSpecification, runName } from './run-specification.js'

const where = 'a.jsonl, line 2'
const good = resultOf(quantizedRun, 0.6)
const { baseline, training } = quantizedRun

/** A result whose name is its specification's hash, whatever that is. */
const of = (specification: unknown) => ({ ...good, specification, run: runName(specification as RunSpecification) })

it('gives back a result, with fields and names that it does not know', () => {
  const newer = of({
    ...quantizedRun,
    method: 'magic',
    training: { ...training, novelty: 1 },
    settings: { a: [0.5, 1] },
  })
  for (const result of [good, { ...newer, course: [[0, 0.1]] }]) expect(checkedResult(result, where)).toBe(result)
})

describe('refuses, naming the place, the value and what was expected,', () => {
  it.each<[unknown, string]>([
    [null, 'it is null, not an object'],
    [[], 'it is [], not an object'],
    [{}, 'run is missing'],
    [of(5), 'specification is 5, not an object'],
    [of(null), 'specification is null, not an object'],
    [of({}), 'specification.kind is missing'],
    [of({ ...quantizedRun, kind: 'other' }), 'specification.kind is "other", not float or quantized'],
    [of({ ...quantizedRun, baseline: null }), 'specification.baseline is null, not an object'],
    [
      of({ ...quantizedRun, baseline: { ...baseline, seed: 'x' } }),
      'specification.baseline.seed is "x", not a whole number',
    ],
    [of({ ...quantizedRun, baseline: { ...baseline, network: 8 } }), 'specification.baseline.network is 8, not text'],
    [
      of({ ...baseline, data: { ...baseline.data, name: 3 } }),
      'specification.data.name is 3, not cifar-10 or generated',
    ],
    [of({ ...quantizedRun, bits: 'three' }), 'specification.bits is "three", not a whole number from 2 to 8'],
    [of({ ...quantizedRun, method: 7 }), 'specification.method is 7, not text'],
    [of({ ...quantizedRun, settings: 5 }), 'specification.settings is 5, not an object'],
    [of({ ...quantizedRun, settings: { a: { b: 1 } } }), 'specification.settings.a is {"b":1}, not a number, a list'],
    [of({ ...quantizedRun, training: { ...training, epochs: 'many' } }), 'specification.training.epochs is "many"'],
    [
      of({ ...quantizedRun, training: { ...training, budget: 'none' } }),
      'specification.training.budget is "none", not total',
    ],
    [{ ...good, accuracy: null }, 'accuracy is null, not an object'],
    [{ ...good, accuracy: { ...good.accuracy, test: 60 } }, 'accuracy.test is 60, not a number from 0 to 1'],
    [{ ...good, stages: [null] }, 'stages.0 is null, not an object'],
    [{ ...good, course: [null] }, 'course.0 is null, not a step and an accuracy'],
    [{ ...good, steps: -1 }, 'steps is -1, not a number from 0 on'],
    [{ ...good, environment: [] }, 'environment is [], not an object'],
    [{ ...good, environment: {} }, 'environment.node is missing'],
  ])('%j', (value, misfit) => {
    const refusal = `${where}: expected the result of a run; ${misfit}`
    expect(() => checkedResult(value, where)).toThrow(refusal)
  })

  it('a name that is not the specification’s', () => {
    expect(() => checkedResult({ ...good, run: 'else' }, where)).toThrow(`${where}: run else does not match`)
  })
})
