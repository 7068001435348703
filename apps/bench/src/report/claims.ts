import { PAPER_METHODS, publishedAccuracy } from '../experiment/paper.js'
import type { RunResult } from '../experiment/run-result.js'
import type { MethodName } from '../experiment/run-specification.js'
import { type Estimate, estimate, MINIMUM_COUNT } from './estimate.js'
import { methodsOf, type NetworkRows, type Row, seedOf } from './experiments.js'
import { holm } from './holm.js'
import { signFlipPValue } from './sign-flip-test.js'

export type Verdict = 'holds' | 'does not hold' | 'undecided'

/** Something said of the methods, put as a mean over seeds that lies on one side of a border. In points of accuracy. */
export interface Claim {
  /** `drop` is of amounts, the others are of differences. The paper says nothing of `past the paper`. */
  readonly topic: 'order' | 'parity' | 'drop' | 'drop difference' | 'past the paper'
  readonly statement: string
  readonly bits: number
  readonly seeds: readonly number[]
  readonly estimate: Estimate
  /** The claim holds where the mean lies on this side of `border`. */
  readonly side: 'above' | 'below'
  readonly border: number
  /** One-sided, by sign flips about the border. */
  readonly pValue: number
  /** The same, corrected by Holm for all claims of its topic that have enough seeds; 1 where it has not enough itself. */
  readonly correctedPValue: number
  readonly verdict: Verdict
  /** The same mean in the paper. */
  readonly published: number | undefined
}

/** The widths at which the paper claims an order of the methods; its CIFAR-10 figures are of 3 bits. */
const ORDER_BITS = [3, 2]

const ORDER = [
  ['neuron', 'direct'],
  ['neuron', 'layer'],
  ['direct', 'layer'],
] as const satisfies readonly (readonly [MethodName, MethodName])[]

/** What a method that the paper does not have is held against. */
const REFERENCES = ['direct', 'lsq'] as const

/** The paper says "comparable" of 4..8 bits and gives no figure: these margins are ours. */
const parityMargin = (bits: number) => (bits === 8 ? 0.3 : 1)

/** The paper says that accuracy does not drop significantly during training and gives no figure: this one is ours. */
const LARGE_DROP = 10

/** What the runs of one network say of the paper's claims and of what goes past it; a claim without runs is left out. */
export function claimsOf({ rows }: NetworkRows): Claim[] {
  const claims = [...orderClaims(rows), ...parityClaims(rows), ...dropClaims(rows), ...claimsPastThePaper(rows)].filter(
    (claim) => claim !== undefined,
  )
  const topics = [...new Set(claims.map(({ topic }) => topic))]
  return topics.flatMap((topic) => corrected(claims.filter((claim) => claim.topic === topic)))
}

type SingleClaim = Omit<Claim, 'correctedPValue'>

/** The more is claimed, the likelier some of it seems to hold by chance. */
function corrected(claims: readonly SingleClaim[]): Claim[] {
  const tested = claims.filter((claim) => !lacksSeeds(claim))
  const pValues = holm(tested.map(({ pValue }) => pValue))
  return claims.map((claim) => ({ ...claim, correctedPValue: pValues[tested.indexOf(claim)] ?? 1 }))
}

function orderClaims(rows: readonly Row[]): (SingleClaim | undefined)[] {
  return ORDER_BITS.flatMap((bits) =>
    ORDER.map(([higher, lower]) =>
      claimOf({
        topic: 'order',
        statement: `${higher} above ${lower}`,
        bits,
        values: pairs(find(rows, bits, higher), find(rows, bits, lower), testPoints),
        published: publishedDifference(find(rows, bits, higher), find(rows, bits, lower)),
      }),
    ),
  )
}

function parityClaims(rows: readonly Row[]): (SingleClaim | undefined)[] {
  const float = find(rows, 32, 'float')
  return quantizedWidths(rows)
    .filter((bits) => bits >= 4)
    .flatMap((bits) =>
      (['direct', 'neuron'] as const).map((method) => {
        const margin = parityMargin(bits)
        return claimOf({
          topic: 'parity',
          statement: `${method} within ${margin} ${margin === 1 ? 'point' : 'points'} of float`,
          bits,
          values: pairs(find(rows, bits, method), float, testPoints),
          border: -margin,
        })
      }),
    )
}

function dropClaims(rows: readonly Row[]): (SingleClaim | undefined)[] {
  const drops = quantizedWidths(rows).map((bits) =>
    claimOf({
      topic: 'drop',
      statement: `neuron's largest drop below ${LARGE_DROP} points`,
      bits,
      values: valuesOf(find(rows, bits, 'neuron'), dropPoints),
      side: 'below',
      border: LARGE_DROP,
    }),
  )
  const differences = ORDER_BITS.map((bits) =>
    claimOf({
      topic: 'drop difference',
      statement: 'direct drops more than neuron',
      bits,
      values: pairs(find(rows, bits, 'direct'), find(rows, bits, 'neuron'), dropPoints),
    }),
  )
  return [...drops, ...differences]
}

/**
 * That a method of later papers, or of ours, is above the usual baselines, and one with settings of its own above the same
 * with its defaults: at every width that both have runs of.
 */
function claimsPastThePaper(rows: readonly Row[]): (SingleClaim | undefined)[] {
  const methods = methodsOf(rows).filter((method) => method !== 'float' && !PAPER_METHODS.has(method))
  const changed = methods.filter((method) => method.includes(' ')).map((method) => method.split(' ')[0]!)
  return quantizedWidths(rows).flatMap((bits) =>
    [...new Set([...REFERENCES, ...changed])].flatMap((reference) =>
      methods
        .filter((method) => (isReference(reference) ? method !== reference : method.startsWith(`${reference} `)))
        .map((method) =>
          claimOf({
            topic: 'past the paper',
            statement: `${method} above ${reference}`,
            bits,
            values: pairs(find(rows, bits, method), find(rows, bits, reference), testPoints),
          }),
        ),
    ),
  )
}

const isReference = (method: string) => (REFERENCES as readonly string[]).includes(method)

const find = (rows: readonly Row[], bits: number, method: string) =>
  rows.find((row) => row.bits === bits && row.method === method)

const quantizedWidths = (rows: readonly Row[]) =>
  [...new Set(rows.map(({ bits }) => bits))].filter((bits) => bits !== 32)

function publishedDifference(higher: Row | undefined, lower: Row | undefined): number | undefined {
  const [first, second] = [higher, lower].map((row) => row && publishedAccuracy(row.runs[0]!.specification))
  return first === undefined || second === undefined ? undefined : first - second
}

/** Why a claim is undecided where more runs would be needed to say anything. */
export const lacksSeeds = ({ seeds }: Pick<Claim, 'seeds'>) => seeds.length < MINIMUM_COUNT

type BySeed = ReadonlyMap<number, number>

function claimOf({
  topic,
  statement,
  bits,
  values,
  side = 'above',
  border = 0,
  published,
}: {
  readonly values: BySeed
  readonly side?: Claim['side']
  readonly border?: number
  readonly published?: number | undefined
} & Pick<Claim, 'topic' | 'statement' | 'bits'>): SingleClaim | undefined {
  if (values.size === 0) return undefined
  const differences = [...values.values()]
  const about = estimate(differences)
  const margins = differences.map((value) => (side === 'above' ? value - border : border - value))
  return {
    topic,
    statement,
    bits,
    seeds: [...values.keys()],
    estimate: about,
    side,
    border,
    pValue: signFlipPValue(margins),
    verdict: verdictOf(about, side, border),
    published,
  }
}

/** The whole interval on the claimed side of the border: it holds; on the other side: it does not. */
function verdictOf({ interval }: Estimate, side: Claim['side'], border: number): Verdict {
  if (interval === undefined) return 'undecided'
  const [low, high] = interval
  const [claimed, denied] = side === 'above' ? [low > border, high < border] : [high < border, low > border]
  return claimed ? 'holds' : denied ? 'does not hold' : 'undecided'
}

const testPoints = ({ accuracy }: RunResult) => 100 * accuracy.test
const dropPoints = ({ largestDrop }: RunResult) => 100 * largestDrop

function valuesOf(row: Row | undefined, value: (run: RunResult) => number): BySeed {
  return new Map(row?.runs.map((run) => [seedOf(run), value(run)]))
}

/** `first` less `second`, of the seeds that both have. */
function pairs(first: Row | undefined, second: Row | undefined, value: (run: RunResult) => number): BySeed {
  const others = valuesOf(second, value)
  const both = [...valuesOf(first, value)].filter(([seed]) => others.has(seed))
  return new Map(both.map(([seed, mine]) => [seed, mine - others.get(seed)!]))
}
