import type { TensorInfo } from '@tensorflow/tfjs'

// A bias's gradient is a total over the gradient that comes to its layer, and a batch norm's gradient needs another one beside
// it. A kernel that writes such a gradient takes them on the way, and leaves them here for those that would go over it again.

/** A batch norm whose output is known, by what is needed for its totals: beta, the mean of each channel. */
export interface KnownNormalization {
  readonly beta: Float32Array
}

/** Totals of a gradient dy over the pixels of each channel. */
export interface GradientTotals {
  /** Of dy. */
  readonly sums: Float64Array
  /** Of dy * (y - beta), for the batch norm that gave y. */
  readonly normalized?: { readonly by: KnownNormalization; readonly products: Float64Array }
}

const byOutput = new WeakMap<object, KnownNormalization>()
const byMean = new WeakMap<object, KnownNormalization>()
const totals = new WeakMap<object, GradientTotals>()

/** Notes a batch norm's output and the mean that its gradient will be given. */
export function noteNormalized(y: TensorInfo, mean: TensorInfo, normalization: KnownNormalization): void {
  byOutput.set(y.dataId, normalization)
  byMean.set(mean.dataId, normalization)
}

/** Notes a tensor made of some of a batch norm's values, each of which passes its gradient on to one of them. */
export function noteSelected(selected: TensorInfo, from: TensorInfo): void {
  const normalization = byOutput.get(from.dataId)
  if (normalization) byOutput.set(selected.dataId, normalization)
}

/** The batch norm that a tensor's values come from. */
export const normalizationOf = (y: TensorInfo): KnownNormalization | undefined => byOutput.get(y.dataId)

/** Notes the totals of a gradient. */
export function noteTotals(dy: TensorInfo, known: GradientTotals | undefined): void {
  if (known) totals.set(dy.dataId, known)
}

/** The totals of a gradient, where they were noted. */
export const totalsOf = (dy: TensorInfo): GradientTotals | undefined => totals.get(dy.dataId)

/** Those of the gradient that comes to the batch norm whose mean this is, where they were noted. */
export function totalsFor(mean: TensorInfo, dy: TensorInfo) {
  const { sums, normalized } = totals.get(dy.dataId) ?? {}
  if (!sums || !normalized || normalized.by !== byMean.get(mean.dataId)) return undefined
  return { sums, products: normalized.products, beta: normalized.by.beta }
}
