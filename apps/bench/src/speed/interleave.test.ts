import { describe, expect, it } from 'vitest'
import { type Candidate, interleave } from './interleave.js'
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

describe('interleave', () => {
  it('gives every candidate one turn in each round', async () => {
    const log: string[] = []
    const warmUp = { calls: 1, milliseconds: 0, most: 0 }
    const candidates = [candidate('a', [30], log), candidate('b', [40], log), candidate('c', [50], log)]
    const timings = await interleave(candidates, { rounds: 2, warmUp })
    expect(log.join('')).toBe('abcabcabc')
    expect(timings).toEqual([
      { name: 'a', ms: 30, rounds: [30, 30] },
      { name: 'b', ms: 40, rounds: [40, 40] },
      { name: 'c', ms: 50, rounds: [50, 50] },
    ])
  })

  it('does not count what came before the engine had compiled', async () => {
    const slowAtFirst = candidate('a', [900, 500, 30])
    const [timing] = await interleave([slowAtFirst], { rounds: 3, warmUp: { calls: 3, milliseconds: 100, most: 5000 } })
    expect(timing!.rounds).toEqual([30, 30, 30])
  })

  it('warms up until both calls and time are enough, or the time is too much', async () => {
    const few: string[] = []
    await interleave([candidate('a', [100], few)], { rounds: 1, warmUp: { calls: 2, milliseconds: 1000, most: 5000 } })
    expect(few).toHaveLength(10 + 1)
    const many: string[] = []
    await interleave([candidate('a', [100], many)], { rounds: 1, warmUp: { calls: 7, milliseconds: 200, most: 5000 } })
    expect(many).toHaveLength(7 + 1)
    const slow: string[] = []
    await interleave([candidate('a', [3000], slow)], { rounds: 1, warmUp: { calls: 7, milliseconds: 200, most: 5000 } })
    expect(slow).toHaveLength(2 + 1)
  })

  it('repeats short work within a turn and lets the median stand for it', async () => {
    const log: string[] = []
    const short = candidate('a', [5, 1, 9, 6, 6, 8], log)
    const warmUp = { calls: 1, milliseconds: 0, most: 0 }
    const [timing] = await interleave([short], { rounds: 1, warmUp, turnMilliseconds: 20 })
    expect(log).toHaveLength(1 + 4)
    expect(timing!.ms).toBe(6)
  })

  it('takes the median over rounds, so that one that was disturbed does not count', async () => {
    const disturbed = candidate('a', [30, 31, 400, 29, 30])
    const [timing] = await interleave([disturbed], { rounds: 4, warmUp: { calls: 1, milliseconds: 0, most: 0 } })
    expect(timing!.rounds).toEqual([31, 400, 29, 30])
    expect(timing!.ms).toBe(30.5)
  })

  it('gives slow work fewer turns', async () => {
    const candidates = [candidate('slow', [400]), candidate('fast', [30])]
    const options = { rounds: 5, warmUp: { calls: 1, milliseconds: 0, most: 0 }, mostMilliseconds: 1000 }
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
    const [timing] = await interleave(candidates, { rounds: 1, warmUp: { calls: 1, milliseconds: 0, most: 0 } })
    expect(timing!.ms).toBe(25)
  })
})
