import { median, sum } from 'simple-statistics'

/** Something that is timed beside others. */
export interface Candidate {
  readonly name: string
  /** Does its work once, or a few times on end; gives the milliseconds of one. */
  measure(): number | Promise<number>
  /** `measure` is a turn by itself: it works for as long as it takes to tell. */
  readonly isWholeTurn?: true
}

export interface Timing {
  readonly name: string
  /** Milliseconds of the work done once: median over the rounds. */
  readonly ms: number
  readonly rounds: readonly number[]
}

export interface InterleaveOptions {
  readonly rounds: number
  readonly warmUp?: Effort
  readonly turn?: Effort
  /** Who has had so much time has no further turns: slow work would hold up all others, and varies less. */
  readonly mostMilliseconds?: number
  /** Told how many rounds are done; 0 when all is warm. */
  readonly onRound?: (done: number) => void
}

/** How often something is done on end: so many calls and so many milliseconds of them, but no more than the most. */
export interface Effort {
  readonly calls: number
  readonly milliseconds: number
  readonly most: number
}

/** Three calls of long work take it through all compilers, and short work is called often enough in half a second. */
const usualWarmUp: Effort = { calls: 3, milliseconds: 500, most: 2500 }
/** Long work has several calls, too: the first finds its data out of the caches. */
const usualTurn: Effort = { calls: 5, milliseconds: 30, most: 500 }

/** Of candidates that see to it themselves: a turn of theirs is some thirty milliseconds, of long work half a second. */
const wholeWarmUp: Effort = { calls: 10, milliseconds: 0, most: 1000 }
const wholeTurn: Effort = { calls: 1, milliseconds: 0, most: 0 }

/**
 * Times candidates against each other: engines compile hot code late, so each is warmed up first; and machines change their
 * speed from second to second, so in each round every candidate has one turn, which stands for the median of its calls but the
 * first. Timings come in the order of the candidates.
 */
export async function interleave(
  candidates: readonly Candidate[],
  { rounds, warmUp = usualWarmUp, turn = usualTurn, mostMilliseconds = 10_000, onRound = () => {} }: InterleaveOptions,
): Promise<Timing[]> {
  for (const candidate of candidates) await repeat(candidate, candidate.isWholeTurn ? wholeWarmUp : warmUp)
  onRound(0)
  const taken = candidates.map((): number[] => [])
  const spent = candidates.map(() => 0)
  for (let round = 1; round <= rounds; round++) {
    for (const [i, candidate] of candidates.entries()) {
      if (spent[i]! >= mostMilliseconds) continue
      const times = await repeat(candidate, candidate.isWholeTurn ? wholeTurn : turn)
      taken[i]!.push(median(times.length > 1 ? times.slice(1) : times))
      spent[i]! += sum(times)
    }
    onRound(round)
  }
  return candidates.map(({ name }, i) => ({ name, ms: median(taken[i]!), rounds: taken[i]! }))
}

/** Ends a turn of work that takes no time that a clock could tell. */
const MOST_CALLS = 10_000

/** Calls at least once; gives the milliseconds of each call. */
async function repeat(candidate: Candidate, { calls, milliseconds, most }: Effort): Promise<number[]> {
  const times: number[] = []
  let spent = 0
  const isEnough = () => (times.length >= calls && spent >= milliseconds) || spent >= most || times.length >= MOST_CALLS
  do {
    const ms = await candidate.measure()
    times.push(ms)
    spent += ms
  } while (!isEnough())
  return times
}
