import { QuantizerError } from './quantizer-error.js'

/** A convolution's or dense layer's weights and the batch norm behind it. Filters are the last axis of the kernel. */
export interface NormalizedKernel {
  /** HWIO, or IO of a dense layer. Of a depthwise kernel (h, w, channels, multiplier) the last two axes are the filters. */
  readonly kernel: Float32Array
  /** [filters]; zeros where the layer has none. */
  readonly bias?: Float32Array | undefined
  /** [filters]; ones where the norm does not scale. */
  readonly gamma?: Float32Array | undefined
  /** [filters]; zeros where the norm does not centre. */
  readonly beta?: Float32Array | undefined
  /** [filters], the moving mean. */
  readonly mean: Float32Array
  /** [filters], the moving variance. */
  readonly variance: Float32Array
  readonly epsilon: number
}

/**
 * The weights of one layer that does what a layer and the batch norm after it do in inference:
 * `w' = w * gamma / sqrt(variance + epsilon)`, `b' = beta + (b - mean) * gamma / sqrt(variance + epsilon)`, reckoned in
 * double precision and rounded once to f32. Sher et al., Mathematics 2023, 11(9), 2112, batch-norm fusion.
 * @throws QuantizerError SHAPE (lengths that do not go together), VALUE (variance + epsilon not positive, with its index)
 */
export function foldIntoKernel({ kernel, bias, gamma, beta, mean, variance, epsilon }: NormalizedKernel): {
  readonly kernel: Float32Array
  readonly bias: Float32Array
} {
  const filters = mean.length
  for (const [name, parameter] of Object.entries({ bias, gamma, beta, variance })) {
    if (parameter !== undefined && parameter.length !== filters) {
      throw new QuantizerError(
        'SHAPE',
        `foldIntoKernel(): ${parameter.length} numbers in ${name}, expected ${filters} as in mean`,
      )
    }
  }
  if (filters === 0 || kernel.length % filters !== 0) {
    throw new QuantizerError(
      'SHAPE',
      `foldIntoKernel(): ${kernel.length} weights in the kernel, expected a multiple of ${filters} filters`,
    )
  }
  const factor = Float64Array.from(variance, (value, filter) => {
    if (!(value + epsilon > 0)) {
      throw new QuantizerError(
        'VALUE',
        `foldIntoKernel(): variance ${filter} + epsilon is ${value + epsilon}, expected a positive number`,
      )
    }
    return (gamma?.[filter] ?? 1) / Math.sqrt(value + epsilon)
  })
  return {
    kernel: kernel.map((weight, i) => weight * factor[i % filters]!),
    bias: mean.map((average, f) => (beta?.[f] ?? 0) + ((bias?.[f] ?? 0) - average) * factor[f]!),
  }
}
