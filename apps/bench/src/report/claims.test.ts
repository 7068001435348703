import { describe, expect, it } from 'vitest'
import { exampleResults, paperBaseline, paperRun } from '../../test/example-experiment.js'
import { resultOf } from '../../test/example-runs.js'
import type { RunResult } from '../experiment/run-result.js'
import { type MethodName, type QuantizedRun, runName } from '../experiment/run-specification.js'
import { claimsOf } from './claims.js'
import { experimentsOf } from './experiments.js'

const claimsIn = (results: readonly RunResult[]) => {
  const [experiment] = experimentsOf(results)
  return claimsOf(experiment!.networks[0]!)
}

/** Test accuracies in percent of the seeds 1, 2, 3, … at one width. */
const runs = (bits: number, method: MethodName | 'float', accuracies: readonly number[], drop = 0) =>
  accuracies.map((accuracy, i) => {
    const baseline = { ...paperBaseline, seed: i + 1 }
    const run = method === 'float' ? baseline : { ...paperRun, baseline, bits, method }
    return resultOf(run, accuracy / 100, { largestDrop: drop / 100 })
  })

const find = (results: readonly RunResult[], statement: string) =>
  claimsIn(results).find((claim) => claim.statement === statement)

describe('the order of the methods', () => {
  it('is of differences paired by seed, beside the paper’s', () => {
    const claim = find(exampleResults(), 'neuron above direct')!
    // Differences 1, 1.5, 1: mean 7/6, sample deviation √(1/12), t(0.975; 2) = 4.302653.
    expect(claim.seeds).toEqual([1, 2, 3])
    expect(claim.estimate.mean).toBeCloseTo(7 / 6, 10)
    expect(claim.estimate.error).toBeCloseTo(1 / 6, 10)
    expect(claim.estimate.interval![0]).toBeCloseTo(7 / 6 - 4.302653 / 6, 5)
    expect(claim.pValue).toBe(1 / 8)
    expect(claim.verdict).toBe('holds')
    expect(claim.published).toBeCloseTo(1.8, 10)
  })

  it('holds, does not hold, or is undecided', () => {
    const layer = runs(3, 'layer', [70, 71, 72, 73, 74])
    const verdict = (neuron: readonly number[]) => find([...layer, ...runs(3, 'neuron', neuron)], 'neuron above layer')!
    expect(verdict([71, 72.2, 73.1, 73.9, 75]).verdict).toBe('holds')
    expect(verdict([69, 70.2, 71.1, 71.9, 73]).verdict).toBe('does not hold')
    expect(verdict([71, 70, 73, 72, 74.5]).verdict).toBe('undecided')
    expect(verdict([70, 71, 72, 73, 74])).toMatchObject({ verdict: 'undecided', pValue: 1 })
  })

  it('is undecided with fewer than three pairs, however far they lie apart', () => {
    const results = [...runs(3, 'direct', [70, 71, 72]), ...runs(3, 'layer', [30, 31])]
    expect(find(results, 'direct above layer')).toMatchObject({ seeds: [1, 2], verdict: 'undecided', pValue: 1 / 4 })
  })

  it('is of the seeds that both methods have', () => {
    const direct = runs(3, 'direct', [70, 71, 72]).slice(1)
    expect(find([...direct, ...runs(3, 'layer', [60, 70, 70])], 'direct above layer')!.seeds).toEqual([2, 3])
  })

  it('is not held beside the paper’s on other data', () => {
    const generated = exampleResults((run) => ({
      ...run,
      baseline: { ...run.baseline, data: { ...run.baseline.data, name: 'generated' } },
    }))
    expect(find(generated, 'neuron above direct')!.published).toBeUndefined()
  })
})

describe('parity with float', () => {
  const float = runs(32, 'float', [75, 76, 77])

  it('holds where the interval lies above the margin', () => {
    const near = find([...float, ...runs(8, 'direct', [74.9, 75.95, 76.9])], 'direct within 0.3 points of float')!
    expect(near).toMatchObject({ bits: 8, border: -0.3, verdict: 'holds' })
    expect(near.estimate.mean).toBeCloseTo(-0.25 / 3, 10)
    // Margins 0.2, 0.25, 0.2 above the border: only one of the eight signs gives as much.
    expect(near.pValue).toBe(1 / 8)
    const far = [...float, ...runs(8, 'direct', [74, 75.1, 76])]
    expect(find(far, 'direct within 0.3 points of float')!.verdict).toBe('does not hold')
  })

  it('has a wider margin at 4 to 7 bits, and is not claimed below', () => {
    const results = [4, 3].flatMap((bits) => runs(bits, 'neuron', [74.5, 75.4, 76.5]))
    const claims = claimsIn([...float, ...results]).filter(({ topic }) => topic === 'parity')
    expect(claims.map(({ bits, statement, verdict }) => [bits, statement, verdict])).toEqual([
      [4, 'neuron within 1 point of float', 'holds'],
    ])
  })
})

describe('drops during training', () => {
  it('are held against ten points, and against direct’s', () => {
    const results = [...runs(3, 'neuron', [70, 71, 72], 6), ...runs(3, 'direct', [70, 71, 72], 30)]
    const claims = claimsIn(results).filter(({ topic }) => topic.startsWith('drop'))
    expect(claims.map(({ statement, verdict, estimate }) => [statement, verdict, estimate.mean.toFixed(1)])).toEqual([
      ["neuron's largest drop below 10 points", 'holds', '6.0'],
      ['direct drops more than neuron', 'holds', '24.0'],
    ])
    const falling = runs(3, 'neuron', [70, 71, 72], 18)
    expect(find(falling, "neuron's largest drop below 10 points")!.verdict).toBe('does not hold')
  })
})

describe('claims of one kind', () => {
  it('have p-values that are corrected for their number, those of too few seeds apart', () => {
    const results = [
      ...runs(3, 'direct', [70, 71, 72, 73, 74]),
      ...runs(3, 'layer', [69, 70.5, 72.5, 72, 73]),
      ...runs(3, 'neuron', [71, 72, 73, 74, 75]),
      ...runs(2, 'direct', [60, 61]),
      ...runs(2, 'layer', [50, 51]),
    ]
    const order = claimsIn(results).filter(({ topic }) => topic === 'order')
    expect(
      order.map(({ statement, bits, pValue, correctedPValue }) => [statement, bits, pValue, correctedPValue]),
    ).toEqual([
      ['neuron above direct', 3, 1 / 32, 3 / 32],
      ['neuron above layer', 3, 1 / 32, 3 / 32],
      ['direct above layer', 3, 3 / 32, 3 / 32],
      ['direct above layer', 2, 1 / 4, 1],
    ])
  })
})

describe('methods that the paper does not have', () => {
  it('are held against direct and learned steps, seed by seed', () => {
    const results = [
      ...runs(2, 'direct', [62, 63, 64]),
      ...runs(2, 'lsq', [62, 65, 66]),
      ...runs(2, 'neuron-lsq', [66, 67.5, 68]),
    ]
    const claims = claimsIn(results).filter(({ topic }) => topic === 'past the paper')
    expect(claims.map(({ statement, verdict, published }) => [statement, verdict, published])).toEqual([
      ['lsq above direct', 'undecided', undefined],
      ['neuron-lsq above direct', 'holds', undefined],
      ['neuron-lsq above lsq', 'holds', undefined],
    ])
    expect(claims[1]!.estimate.mean).toBeCloseTo(25 / 6, 10)
  })

  it('may be one of the paper’s with other settings, which is held against its defaults too', () => {
    const changed = runs(2, 'neuron', [66, 67.5, 68]).map((result) => {
      const specification = { ...result.specification, settings: { wholeShare: 0.25 } } as QuantizedRun
      return { ...result, specification, run: runName(specification) }
    })
    const results = [...runs(2, 'direct', [62, 63, 64]), ...runs(2, 'neuron', [64, 65, 66]), ...changed]
    expect(claimsIn(results).map(({ statement, topic }) => `${topic}: ${statement}`)).toEqual([
      'order: neuron above direct',
      "drop: neuron's largest drop below 10 points",
      'drop difference: direct drops more than neuron',
      'past the paper: neuron (wholeShare=0.25) above direct',
      'past the paper: neuron (wholeShare=0.25) above neuron',
    ])
  })

  it('are not expected of the paper’s own', () => {
    expect(claimsIn(exampleResults()).some(({ topic }) => topic === 'past the paper')).toBe(false)
  })
})
