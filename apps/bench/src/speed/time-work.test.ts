import { describe, expect, it, vi } from 'vitest'
import type { Contender, OpenWork, Peer } from './speed-work.js'
import { timeWork } from './time-work.js'

// A machine that does at most 6 GFLOP/s: a share of what this one can do would be another in every run.
vi.mock('./arithmetic-limit.js', () => ({
  LIMIT_FLOPS: 6e6,
  arithmeticLimit: () => ({ name: 'arithmetic limit', measure: () => 1 }),
}))

const contender = (bits: number, ms: number): Contender => ({
  name: 'lowbit',
  ...{ bits, threads: 1, path: 'relaxed' },
  measure: () => ms,
})

function peer(name: string, ms: number, closed: string[] = []): Peer {
  const close = async () => void closed.push(name)
  return { name, open: async () => ({ version: '1.0', measure: async () => ms, close }) }
}

const missing: Peer = { name: 'absent', open: () => Promise.reject(new Error('no such program')) }

const open = (ours: Contender[], peers: Peer[]): OpenWork => ({ ours, peers, close: async () => {} })
const once = { calls: 1, milliseconds: 0, most: 0 }
const options = { rounds: 1, warmUp: once, turn: once }
const unexpected = () => expect.unreachable('nobody is left out')

describe('timeWork', () => {
  it('gives a line for each width and peer, with how many times ours the time of the peer is', async () => {
    const work = open([contender(8, 4), contender(4, 2)], [peer('tfjs', 12), peer('onnxruntime', 6)])
    const lines = await timeWork('conv', work, options, unexpected)
    expect(lines.map(({ bits, ms, peer, peerMs, ratio }) => [bits, ms, peer, peerMs, ratio])).toEqual([
      [8, 4, 'tfjs', 12, 3],
      [8, 4, 'onnxruntime', 6, 1.5],
      [4, 2, 'tfjs', 12, 6],
      [4, 2, 'onnxruntime', 6, 3],
    ])
  })

  it('prints the fields that scripts read, in their order', async () => {
    const [line] = await timeWork('conv', open([contender(4, 3)], [peer('tfjs', 1)]), options, unexpected)
    expect(JSON.stringify(line)).toBe(
      '{"work":"conv","bits":4,"threads":1,"path":"relaxed","ms":3,"peer":"tfjs","peerMs":1,"ratio":0.3333,"peerVersion":"1.0"}',
    )
  })

  it('leaves out peers that cannot be had, and says why', async () => {
    const told: string[] = []
    const lines = await timeWork('conv', open([contender(4, 1)], [missing, peer('tfjs', 3)]), options, (name, reason) =>
      told.push(`${name}: ${reason}`),
    )
    expect(told).toEqual(['absent: no such program'])
    expect(lines.map((line) => line.peer)).toEqual(['tfjs'])
  })

  it('gives a line without a peer where nobody else does it', async () => {
    const lines = await timeWork('conv', open([contender(4, 1)], []), options, unexpected)
    expect(lines).toEqual([
      { work: 'conv', bits: 4, threads: 1, path: 'relaxed', ms: 1, peer: null, peerMs: null, ratio: null },
    ])
  })

  it('tells rates, their share of the limit, and what else we know', async () => {
    const rated: OpenWork = {
      ...open([{ ...contender(32, 2), facts: async () => ({ heapMiB: 40 }) }], []),
      rate: { unit: 'gflops', perCall: 3e6 },
    }
    const [line] = await timeWork('conv', rated, options, unexpected)
    expect(line).toMatchObject({ gflops: 1.5, limitShare: 0.25, heapMiB: 40 })
  })

  it('closes peers, also where one of them fails', async () => {
    const closed: string[] = []
    await timeWork('conv', open([contender(4, 1)], [peer('tfjs', 1, closed)]), options, unexpected)
    const failing: Contender = { ...contender(4, 1), measure: () => Promise.reject(new Error('out of memory')) }
    await expect(timeWork('conv', open([failing], [peer('ort', 1, closed)]), options, unexpected)).rejects.toThrow(
      'out of memory',
    )
    expect(closed).toEqual(['tfjs', 'ort'])
  })
})
