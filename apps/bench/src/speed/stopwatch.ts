import type { Candidate } from './interleave.js'

/** Milliseconds since some moment; never runs backwards. */
export type Clock = () => number

const processClock: Clock = () => performance.now()

/** A candidate whose work is done by a function of this process. */
export function timed(name: string, work: () => unknown, now: Clock = processClock): Candidate {
  return {
    name,
    measure() {
      const began = now()
      work()
      return now() - began
    },
  }
}

/** A candidate whose work is done when its promise is fulfilled. */
export function timedAsync(name: string, work: () => Promise<unknown>, now: Clock = processClock): Candidate {
  return {
    name,
    async measure() {
      const began = now()
      await work()
      return now() - began
    },
  }
}
