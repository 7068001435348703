import { median, sum } from 'simple-statistics'

/** Something that is timed beside others. */
export interface Candidate {
  readonly name: string
  /** Does its work once, or a few times on end; gives the milliseconds of one. */
  measure(): number | Promise<number>
}

export interface Timing {
  readonly name: string
  /** Milliseconds of the work done once: median over the rounds. */
  readonly ms: number
  readonly rounds: readonly number[]
}

export interface InterleaveOptions {
  readonly rounds: number
  readonly warmUp?: WarmUp
  /** Within a round, short work is done again until it has taken so long; its median stands for the round. */
  readonly turnMilliseconds?: number
  /** Who has had so much time has no further turns: slow work would hold up all others, and varies less. */
  readonly mostMilliseconds?: number
  /** Told how many rounds are done; 0 when all is warm. */
  readonly onRound?: (done: number) => void
}

/** What is done before the first round: so many calls and so many milliseconds of them, or the most milliseconds. */
export interface WarmUp {
  readonly calls: number
  readonly milliseconds: number
  readonly most: number
}

/** Three calls of long work take it through all compilers, and short work is called often enough in half a second. */
const usualWarmUp: WarmUp = { calls: 3, milliseconds: 500, most: 2500 }

/**
 * Times candidates against each other: engines compile hot code late, so each is warmed up first; and machines change their
 * speed from second to second, so in each round every candidate has one turn. Timings come in the order of the candidates.
 */
export async function interleave(
  candidates: readonly Candidate[],
  {
    rounds,
    warmUp = usualWarmUp,
    turnMilliseconds = 20,
    mostMilliseconds = 10_000,
    onRound = () => {},
  }: InterleaveOptions,
): Promise<Timing[]> {
  for (const candidate of candidates) {
    const { calls, milliseconds, most } = warmUp
    await repeat(candidate, (done, spent) => (done >= calls && spent >= milliseconds) || spent >= most)
  }
  onRound(0)
  const taken = candidates.map((): number[] => [])
  const spent = candidates.map(() => 0)
  for (let round = 1; round <= rounds; round++) {
    for (const [i, candidate] of candidates.entries()) {
      if (spent[i]! >= mostMilliseconds) continue
      const turn = await repeat(candidate, (_, milliseconds) => milliseconds >= turnMilliseconds)
      taken[i]!.push(median(turn))
      spent[i]! += sum(turn)
    }
    onRound(round)
  }
  return candidates.map(({ name }, i) => ({ name, ms: median(taken[i]!), rounds: taken[i]! }))
}

/** Ends a turn of work that takes no time that a clock could tell. */
const MOST_CALLS = 10_000

/** Calls at least once, and until there is enough; gives the milliseconds of each call. */
async function repeat(
  candidate: Candidate,
  isEnough: (calls: number, milliseconds: number) => boolean,
): Promise<number[]> {
  const times: number[] = []
  let spent = 0
  do {
    const ms = await candidate.measure()
    times.push(ms)
    spent += ms
  } while (!isEnough(times.length, spent) && times.length < MOST_CALLS)
  return times
}
