import type { TensorInfo } from '@tensorflow/tfjs'

// A batch norm's gradient needs two totals of the gradient that comes to it. Where that was written by a kernel that had the
// normalized values at hand, the kernel took the totals on the way: here it leaves them for the batch norm.

/** A batch norm's output, by what is needed to take those totals: beta, the mean of each channel. */
export interface Normalization {
  readonly beta: Float32Array
}

/** Totals of a gradient dy over the pixels of each channel: of dy, and of dy * (y - beta), for the batch norm that gave y. */
export interface GradientTotals {
  readonly normalization: Normalization
  readonly sums: Float64Array
  readonly products: Float64Array
}

const byOutput = new WeakMap<object, Normalization>()
const byMean = new WeakMap<object, Normalization>()
const totals = new WeakMap<object, GradientTotals>()

/** Notes a batch norm's output and the mean that its gradient will be given. */
export function noteNormalized(y: TensorInfo, mean: TensorInfo, normalization: Normalization): void {
  byOutput.set(y.dataId, normalization)
  byMean.set(mean.dataId, normalization)
}

/** Notes a tensor made of some of a batch norm's values, each of which passes its gradient on to one of them. */
export function noteSelected(selected: TensorInfo, from: TensorInfo): void {
  const normalization = byOutput.get(from.dataId)
  if (normalization) byOutput.set(selected.dataId, normalization)
}

/** The batch norm that a tensor's values come from. */
export const normalizationOf = (y: TensorInfo): Normalization | undefined => byOutput.get(y.dataId)

/** Notes the totals of a gradient. */
export function noteTotals(dy: TensorInfo, known: GradientTotals | undefined): void {
  if (known) totals.set(dy.dataId, known)
}

/** The totals of a gradient, where they were noted for any batch norm. */
export const totalsOf = (dy: TensorInfo): GradientTotals | undefined => totals.get(dy.dataId)

/** The totals of the gradient that comes to the batch norm whose mean this is, where they were noted. */
export function totalsFor(mean: TensorInfo, dy: TensorInfo): GradientTotals | undefined {
  const known = totals.get(dy.dataId)
  return known && known.normalization === byMean.get(mean.dataId) ? known : undefined
}
