import { describe, expect, it } from 'vitest'
import { exampleResults, paperRun, together } from '../../test/example-experiment.js'
import { resultOf } from '../../test/example-runs.js'
import type { RunResult } from '../experiment/run-result.js'
import { METHODS, type QuantizedRun } from '../experiment/run-specification.js'
import { experimentsOf } from './experiments.js'
import { markdownReport } from './markdown-report.js'

it('writes the tables, the claims and the commands', () => {
  expect(`\n${markdownReport(experimentsOf(exampleResults()))}\n`).toMatchInlineSnapshot(`
    "
    **CNN8. CIFAR-10, equal steps for every method**: test accuracy in %, mean ± standard deviation (seeds). 200 float and 32 quantized epochs in all, 4 groups of neurons a layer, a scale a layer, 5000 training images held out. Float: 76.00 ± 1.00 (3).

    | method |           3 bits | 3 bits, paper |    8 bits |
    | :----- | ---------------: | ------------: | --------: |
    | direct | 72.00 ± 1.00 (3) |          71.4 |           |
    | layer  | 68.83 ± 0.76 (3) |          67.2 |           |
    | neuron | 73.17 ± 1.04 (3) |          73.2 | 76.10 (1) |

    | claim                                 | bits |        points |    95 % interval | paper |     p | p, Holm | seeds | verdict |
    | :------------------------------------ | ---: | ------------: | ---------------: | ----: | ----: | ------: | :---- | :------ |
    | neuron above direct                   |    3 |  +1.17 ± 0.17 |   +0.45 to +1.88 | +1.80 | 0.125 |   0.375 | 1..3  | holds   |
    | neuron above layer                    |    3 |  +4.33 ± 0.33 |   +2.90 to +5.77 | +6.00 | 0.125 |   0.375 | 1..3  | holds   |
    | direct above layer                    |    3 |  +3.17 ± 0.44 |   +1.27 to +5.06 | +4.20 | 0.125 |   0.375 | 1..3  | holds   |
    | neuron's largest drop below 10 points |    3 |   2.83 ± 0.17 |     2.12 to 3.55 |       | 0.125 |   0.125 | 1..3  | holds   |
    | direct drops more than neuron         |    3 | +33.17 ± 0.60 | +30.58 to +35.75 |       | 0.125 |   0.125 | 1..3  | holds   |

    Undecided, for want of seeds: neuron within 0.3 points of float at 8 bits (+1.10); neuron's largest drop below 10 points at 8 bits (0.00).

    \`\`\`sh
    pnpm bench reproduce cifar10 --net CNN8 --bits 3 --method direct,layer,neuron --seeds 1..3 --profile paper --budget total
    pnpm bench reproduce cifar10 --net CNN8 --bits 8 --method neuron --seeds 1 --profile paper --budget total
    \`\`\`

    Claims are of means over seeds ± their standard error, in points; differences are between runs that start from one float network. A claim holds where the whole 95 % interval of Student’s t lies on the claimed side, does not hold where it lies on the other, and is undecided else. p is that of the exact one-sided sign-flip test, never below 1/2ⁿ with n seeds; beside it stands p corrected by Holm for the claims of one kind in its table. Intervals and verdicts are of each claim alone.
    "
  `)
})

describe('of two networks under two budgets', () => {
  const budget = (run: QuantizedRun): QuantizedRun => ({
    ...run,
    training: { ...run.training, budget: 'stage', epochs: 1, wholeEpochs: 32 },
  })
  const network = (run: QuantizedRun): QuantizedRun => ({ ...run, baseline: { ...run.baseline, network: 'CNN6' } })
  /** What neuron gains when it trains longer: it loses to direct where it does not. */
  const gaining = (points: number, longer: number) => (result: RunResult) => {
    const { specification, accuracy, steps } = result
    if (specification.kind === 'float' || specification.method !== 'neuron') return result
    return { ...result, accuracy: { ...accuracy, test: accuracy.test + points / 100 }, steps: longer * steps }
  }
  const results = together(
    exampleResults(network).map(gaining(-4, 1)),
    exampleResults(),
    exampleResults((run) => budget(network(run))).map(gaining(1, 4)),
    exampleResults(budget).map(gaining(2, 4)),
  )
  const parts = markdownReport(experimentsOf(results)).split(/^(?=\*\*CNN)/m)

  it('has a part for each, called like no other, those of unequal budgets with a warning', () => {
    const titles = [
      'equal steps for every method, 200 + 32 epochs',
      'equal steps for every stage, 200 epochs + 1 a stage + 32 for the whole',
    ]
    expect(parts.map((part) => /^\*\*(.*)\*\*/.exec(part)![1])).toEqual(
      titles.flatMap((title) => ['CNN6', 'CNN8'].map((name) => `${name}. CIFAR-10, ${title}`)),
    )
    expect(parts.map((part) => part.includes('Not under equal budgets'))).toEqual([false, false, true, true])
    expect(parts.map((part) => /^\| method +\| +steps \|/m.test(part))).toEqual([false, false, true, true])
  })

  it('judges the claims of each by its own runs', () => {
    const verdicts = parts.map((part) =>
      /^\| neuron above direct +\| +3 \| +(\S+) .*\| ([a-z ]+?) *\|$/m.exec(part)!.slice(1),
    )
    expect(verdicts).toEqual([
      ['−2.83', 'does not hold'],
      ['+1.17', 'holds'],
      ['+2.17', 'holds'],
      ['+3.17', 'holds'],
    ])
  })

  it('repeats each with its own command', () => {
    const commands = parts.map((part) =>
      part.match(/^pnpm .*--net (\w+) --bits 3 .*?(--epochs 1 )?--budget (.*)$/m)!.slice(1),
    )
    expect(commands).toEqual([
      ['CNN6', undefined, 'total'],
      ['CNN8', undefined, 'total'],
      ['CNN6', '--epochs 1 ', 'stage --whole-epochs 32'],
      ['CNN8', '--epochs 1 ', 'stage --whole-epochs 32'],
    ])
  })
})

it('gives the steps where methods do not have the same, and a line to each of many methods', () => {
  const results = METHODS.map((method, i) => resultOf({ ...paperRun, method }, 0.7, { steps: 1000 * (i + 1) }))
  const lines = markdownReport(experimentsOf(results))
    .split('\n')
    .filter((line) => line.startsWith('| '))
  expect(lines[0]).toMatch(/^\| method +\| +steps \| +3 bits \| 3 bits, paper \|$/)
  expect(
    lines.slice(2, 2 + METHODS.length).map((line) =>
      line
        .split('|')
        .slice(1, 3)
        .map((text) => text.trim()),
    ),
  ).toEqual(METHODS.map((method, i) => [method, `${i + 1}\u202f000`]))
})

it('is the same to the byte in whatever order the results come', () => {
  const stages = exampleResults((run) => ({ ...run, training: { ...run.training, budget: 'stage' } }))
  const results = together(exampleResults(), stages)
  expect(markdownReport(experimentsOf(results.toReversed()))).toBe(markdownReport(experimentsOf(results)))
})
