/** What one of our ways to do a work took, beside one peer: a line of `--json`. */
export type SpeedLine = {
  readonly work: string
  /** 32 for float. */
  readonly bits: number
  readonly threads: number
  /** `relaxed` or `plain` SIMD, or `js`. */
  readonly path: string
  /** Median milliseconds of doing it once. */
  readonly ms: number
  /** null where nobody else was timed. */
  readonly peer: string | null
  readonly peerMs: number | null
  /** peerMs / ms: above 1 we are faster. */
  readonly ratio: number | null
  readonly peerVersion?: string
} & SpeedFacts

/** Further figures, where a work has them; names say units. */
export interface SpeedFacts {
  /** Thousand millions of floating-point operations a second. */
  readonly gflops?: number
  /** Of the 128-bit multiply-adds that this processor can do, timed in the same rounds. */
  readonly limitShare?: number
  /** Thousand millions of integer multiply-accumulates a second. */
  readonly gmacs?: number
  /** Largest difference of a logit from that of the quantized model in tfjs, of the largest logit. */
  readonly offBy?: number
  /** From loading to the first result, in processes that had loaded nothing before. */
  readonly coldMs?: number
  /** Of the integer network. */
  readonly fileKiB?: number
  /** Most memory of tfjs's wasm backend so far. */
  readonly heapMiB?: number
}
