import { expect, it } from 'vitest'
import { exampleResults, together } from '../../test/example-experiment.js'
import { experimentsOf } from './experiments.js'
import { markdownReport } from './markdown-report.js'

it('writes the tables, the claims and the commands', () => {
  expect(`\n${markdownReport(experimentsOf(exampleResults()))}\n`).toMatchInlineSnapshot(`
    "
    **CNN8. CIFAR-10, equal steps for every method**: test accuracy in %, mean ± standard deviation (seeds). 200 float and 32 quantized epochs in all, 4 groups of neurons a layer, a scale a layer, 5000 training images held out. Float: 76.00 ± 1.00 (3).

    |     bits |           direct |            layer |           neuron |
    | -------: | ---------------: | ---------------: | ---------------: |
    |        3 | 72.00 ± 1.00 (3) | 68.83 ± 0.76 (3) | 73.17 ± 1.04 (3) |
    | 3, paper |             71.4 |             67.2 |             73.2 |
    |        8 |                  |                  |        76.10 (1) |

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

it('is the same to the byte in whatever order the results come', () => {
  const stages = exampleResults((run) => ({ ...run, training: { ...run.training, budget: 'stage' } }))
  const results = together(exampleResults(), stages)
  expect(markdownReport(experimentsOf(results.toReversed()))).toBe(markdownReport(experimentsOf(results)))
})
