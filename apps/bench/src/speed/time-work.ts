import { arithmeticLimit, LIMIT_FLOPS } from './arithmetic-limit.js'
import { type InterleaveOptions, interleave, type Timing } from './interleave.js'
import type { SpeedLine } from './speed-line.js'
import type { Contender, OpenPeer, OpenWork, Rate } from './speed-work.js'

/**
 * Times an open work and those of its peers that can be had: a line for each of our contenders and each peer, or one without
 * a peer. `leftOut` is told of each peer that cannot be had.
 */
export async function timeWork(
  work: string,
  { ours, peers, rate }: OpenWork,
  options: InterleaveOptions,
  leftOut: (peer: string, reason: string) => void,
): Promise<SpeedLine[]> {
  const present: { name: string; peer: OpenPeer }[] = []
  try {
    for (const { name, open } of peers) {
      try {
        present.push({ name, peer: await open() })
      } catch (error) {
        leftOut(name, error instanceof Error ? error.message : String(error))
      }
    }
    const limits = rate?.unit === 'gflops' ? [arithmeticLimit()] : []
    const others = present.map(({ name, peer }) => ({
      name,
      measure: () => peer.measure(),
      ...(peer.isWholeTurn && { isWholeTurn: peer.isWholeTurn }),
    }))
    const timings = await interleave([...ours, ...others, ...limits], options)
    const limit = limits.length > 0 ? LIMIT_FLOPS / timings.at(-1)!.ms : undefined
    const peerTimings = present.map(({ name, peer: { version } }, i) => ({
      ...{ name, version },
      ms: timings[ours.length + i]!.ms,
    }))
    const lines: SpeedLine[] = []
    for (const [i, contender] of ours.entries()) {
      lines.push(...(await linesOf(work, contender, timings[i]!, peerTimings, rate, limit)))
    }
    return lines
  } finally {
    for (const { peer } of present) await peer.close()
  }
}

async function linesOf(
  work: string,
  contender: Contender,
  { ms }: Timing,
  peers: readonly { name: string; version: string; ms: number }[],
  rate: Rate | undefined,
  limit: number | undefined,
): Promise<SpeedLine[]> {
  const { bits, threads, path } = contender
  const perMs = rate && rate.perCall / ms
  const facts = {
    ...(rate && perMs && { [rate.unit]: rounded(perMs / 1e6) }),
    ...(perMs && limit && { limitShare: rounded(perMs / limit) }),
    ...(await contender.facts?.()),
  }
  const ourPart = { work, bits, threads, path, ms: rounded(ms) }
  if (peers.length === 0) return [{ ...ourPart, peer: null, peerMs: null, ratio: null, ...facts }]
  return peers.map(({ name, version, ms: peerMs }) => ({
    ...ourPart,
    peer: name,
    peerMs: rounded(peerMs),
    ratio: rounded(peerMs / ms),
    peerVersion: version,
    ...facts,
  }))
}

/** To four digits that count: timings are not better than that. */
const rounded = (value: number) => Number(value.toPrecision(4))
