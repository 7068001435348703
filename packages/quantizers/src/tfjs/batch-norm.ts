/** What a batch norm learned of each channel; gamma is 1 and beta 0 where it has none. */
export interface BatchNorm {
  readonly gamma?: Float32Array | undefined
  readonly beta?: Float32Array | undefined
  readonly mean: Float32Array
  readonly variance: Float32Array
  readonly epsilon: number
}

/**
 * The kernel and bias that alone compute what kernel, bias and batch norm compute one after the other:
 * `w' = w * gamma / sqrt(variance + epsilon)`, `b' = beta + (b - mean) * gamma / sqrt(variance + epsilon)`, in double
 * precision, rounded once to f32. The output channels are the kernel's last axis (HWIO, or inputs by units), or its last
 * two for a depthwise one. Section "Batch-norm fusion" of Sher et al., Mathematics 2023, 11(9), 2112.
 */
export function foldIntoKernel(
  kernel: Float32Array,
  bias: Float32Array | undefined,
  { gamma, beta, mean, variance, epsilon }: BatchNorm,
): { readonly kernel: Float32Array; readonly bias: Float32Array } {
  const factor = Float64Array.from(mean, (_, c) => (gamma?.[c] ?? 1) / Math.sqrt(variance[c]! + epsilon))
  return {
    kernel: kernel.map((w, i) => w * factor[i % factor.length]!),
    bias: mean.map((m, c) => (beta?.[c] ?? 0) + ((bias?.[c] ?? 0) - m) * factor[c]!),
  }
}
