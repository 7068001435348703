import type { Scales } from './quantized-network.js'

/** f32 holds every whole number up to here: training's sums are exact as long as they stay below. */
export const EXACT_SUMS = 2 ** 24

/** How one quantized network and its integer network agree: a line of `verify --json`. */
export interface Verification {
  readonly network: string
  readonly bits: number
  readonly scales: Scales
  readonly images: number
  /** Images of which any logit has other bits than the quantized model's. */
  readonly differ: number
  /** Of a logit. */
  readonly largestDifference: number
  /** No integer sum can be larger, whatever the image: from the weights and the range of the input. */
  readonly sumBound: number
  /** Largest finished sum on these images. */
  readonly sumSeen: number
  /** Of the images, as a fraction. */
  readonly accuracy: number
  /** Kernels that were tried, each on all images: `relaxed dot-add`, `relaxed`, `plain`. */
  readonly paths: readonly string[]
  /** Paths whose logits were not those of the first one. */
  readonly pathsThatDiffer: readonly string[]
  /** sha256 of the network's file, and of the bytes of all logits. */
  readonly file: string
  readonly logits: string
  /** Images that onnxruntime gives another class. */
  readonly onnxOtherClass?: number
  readonly onnxVersion?: string
}

/** Whether what was found contradicts what is promised: other bits where every sum is exact, or other bits on another path. */
export const isBroken = ({ differ, sumBound, pathsThatDiffer }: Verification): boolean =>
  pathsThatDiffer.length > 0 || (differ > 0 && sumBound < EXACT_SUMS)
