import type { BrowserPage } from '../browser/open-browser.js'
import type { Candidate } from './interleave.js'

/** Where works are timed. */
export interface SpeedPlace {
  /** That each candidate may use, if it can. */
  readonly threads: number
  /** Not here but in a page, with one thread. */
  readonly page?: BrowserPage | undefined
}

/** A piece of work that is timed, here and by peers. */
export interface SpeedWork {
  readonly name: string
  /** Widths at which it is done here, 32 for float. */
  readonly bits: readonly number[]
  /** Makes everything ready: models, processes, inputs. */
  open(): Promise<OpenWork>
}

/** A work made ready on our side. */
export interface OpenWork {
  readonly ours: readonly Contender[]
  /** What it is measured against. */
  readonly peers: readonly Peer[]
  readonly rate?: Rate
  close(): Promise<void>
}

/** One of our ways to do a work. */
export interface Contender extends Candidate {
  readonly bits: number
  readonly threads: number
  /** `relaxed` or `plain` SIMD, or `js`. */
  readonly path: string
  /** Figures beside time, asked for when all is timed. */
  facts?(): Promise<Facts>
  /** Where the time goes. */
  profile?(): Promise<readonly ProfileRow[]>
}

/** Figures by name; the name says the unit. */
export type Facts = Readonly<Record<string, number>>

/** How much arithmetic one call is: 2 floating-point operations for a product and its sum, or 1 integer multiply-accumulate. */
export interface Rate {
  readonly unit: 'gflops' | 'gmacs'
  readonly perCall: number
}

/** Somebody else's way to do the same work. */
export interface Peer {
  readonly name: string
  /** Errors of any kind mean that this peer is not to be had here: it is left out, and the message says why. */
  open(): Promise<OpenPeer>
}

export interface OpenPeer extends Omit<Candidate, 'name'> {
  readonly version: string
  close(): Promise<void>
}

/** What one kernel cost in one call of a work. */
export interface ProfileRow {
  readonly kernel: string
  readonly calls: number
  readonly ms: number
  /** Of the work's time. */
  readonly share: number
}
