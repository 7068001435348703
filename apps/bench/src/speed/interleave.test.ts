import { describe, expect, it } from 'vitest'
import { type Candidate, type Effort, interleave } from './interleave.js'
import { timed, timedAsync } from './stopwatch.js'

/** Work that takes as long as a list says, its last number for ever. */
function workFor(name: string, milliseconds: readonly number[], log: string[] = []) {
  let time = 0
  let call = 0
  const work = () => {
    log.push(name)
    time += milliseconds[Math.min(call++, milliseconds.length - 1)]!
  }
  return { work, now: () => time }
}

function candidate(name: string, milliseconds: readonly number[], log?: string[]): Candidate {
  const { work, now } = workFor(name, milliseconds, log)
  return timed(name, work, now)
}

const once: Effort = { calls: 1, milliseconds: 0, most: 1e6 }

describe('interleave', () => {
  it('gives every candidate one turn in each round', async () => {
    const log: string[] = []
    const candidates = [candidate('a', [30], log), candidate('b', [40], log), candidate('c', [50], log)]
    const timings = await interleave(candidates, { rounds: 2, warmUp: once, turn: once })
    expect(log.join('')).toBe('abcabcabc')
    expect(timings).toEqual([
      { name: 'a', ms: 30, rounds: [30, 30] },
      { name: 'b', ms: 40, rounds: [40, 40] },
      { name: 'c', ms: 50, rounds: [50, 50] },
    ])
  })

  it('does not count what came before the engine had compiled', async () => {
    const slowAtFirst = candidate('a', [900, 500, 30])
    const [timing] = await interleave([slowAtFirst], { rounds: 3, warmUp: { ...once, calls: 3 }, turn: once })
    expect(timing!.rounds).toEqual([30, 30, 30])
  })

  it.each([
    ['calls and time', { calls: 2, milliseconds: 1000, most: 1e6 }, 10],
    ['calls', { calls: 7, milliseconds: 200, most: 1e6 }, 7],
    ['time, where it is too much', { calls: 7, milliseconds: 200, most: 350 }, 4],
  ])('warms up until there was enough: %s', async (_, warmUp, calls) => {
    const log: string[] = []
    await interleave([candidate('a', [100], log)], { rounds: 1, warmUp, turn: once })
    expect(log).toHaveLength(calls + 1)
  })

  it('lets the median of a turn stand for it, without the first call, which finds the caches cold', async () => {
    const log: string[] = []
    const short = candidate('a', [5, 100, 1, 9, 6, 6, 8], log)
    const turn = { calls: 1, milliseconds: 120, most: 1e6 }
    const [timing] = await interleave([short], { rounds: 1, warmUp: once, turn })
    expect(log).toHaveLength(1 + 5)
    expect(timing!.ms).toBe(6)
  })

  it('asks once a round whoever works for a whole turn', async () => {
    const log: string[] = []
    const short = { ...candidate('a', [1], log), isWholeTurn: true as const }
    await interleave([short], { rounds: 3 })
    expect(log).toHaveLength(10 + 3)
  })

  it('takes the median over rounds, so that one that was disturbed does not count', async () => {
    const disturbed = candidate('a', [30, 31, 400, 29, 30])
    const [timing] = await interleave([disturbed], { rounds: 4, warmUp: once, turn: once })
    expect(timing!.rounds).toEqual([31, 400, 29, 30])
    expect(timing!.ms).toBe(30.5)
  })

  it('gives slow work fewer turns', async () => {
    const candidates = [candidate('slow', [400]), candidate('fast', [30])]
    const options = { rounds: 5, warmUp: once, turn: once, mostMilliseconds: 1000 }
    const [slow, fast] = await interleave(candidates, options)
    expect(slow!.rounds).toHaveLength(3)
    expect(fast!.rounds).toHaveLength(5)
  })

  it('tells when all is warm and when a round is done', async () => {
    const told: number[] = []
    await interleave([candidate('a', [50])], { rounds: 2, onRound: (done) => told.push(done) })
    expect(told).toEqual([0, 1, 2])
  })

  it('waits for work that is asynchronous', async () => {
    const { work, now } = workFor('a', [25])
    const candidates = [timedAsync('a', () => Promise.resolve().then(work), now)]
    const [timing] = await interleave(candidates, { rounds: 1, warmUp: once, turn: once })
    expect(timing!.ms).toBe(25)
  })

  it('ends where a clock stands still', async () => {
    const [timing] = await interleave([candidate('a', [0])], { rounds: 1 })
    expect(timing!.ms).toBe(0)
  })
})
