import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldIntoKernel } from './fold-batch-norm.js'

const numbers = (length: number) =>
  fc.float32Array({ minLength: length, maxLength: length, noNaN: true, min: -3, max: 3 })

describe('foldIntoKernel', () => {
  it('gives a layer that does what layer and norm did', () => {
    const layer = fc.record({
      kernel: numbers(15),
      bias: fc.option(numbers(3), { nil: undefined }),
      gamma: fc.option(numbers(3), { nil: undefined }),
      beta: fc.option(numbers(3), { nil: undefined }),
      mean: numbers(3),
      variance: numbers(3).map((values) => values.map(Math.abs)),
      epsilon: fc.constant(0.001),
    })
    fc.assert(
      fc.property(layer, numbers(5), (norm, input) => {
        const folded = foldIntoKernel(norm)
        for (let f = 0; f < 3; f++) {
          const product = (kernel: Float32Array) => input.reduce((sum, x, i) => sum + x * kernel[i * 3 + f]!, 0)
          const raw = product(norm.kernel) + (norm.bias?.[f] ?? 0)
          const normalized =
            ((raw - norm.mean[f]!) / Math.sqrt(norm.variance[f]! + norm.epsilon)) * (norm.gamma?.[f] ?? 1) +
            (norm.beta?.[f] ?? 0)
          expect(product(folded.kernel) + folded.bias[f]!).toBeCloseTo(normalized, 2)
        }
      }),
    )
  })

  it('changes nothing where the norm does nothing, and none of its arguments', () => {
    const kernel = Float32Array.of(1, 2, 3, 4)
    const ones = Float32Array.of(1, 1)
    const zeros = Float32Array.of(0, 0)
    const folded = foldIntoKernel({ kernel, mean: zeros, variance: ones, epsilon: 0 })
    expect(folded).toEqual({ kernel, bias: zeros })
    expect(folded.kernel).not.toBe(kernel)
    expect(folded.bias).not.toBe(zeros)
  })

  it('says what does not fit', () => {
    const norm = {
      kernel: new Float32Array(6),
      mean: new Float32Array(3),
      variance: new Float32Array(3),
      epsilon: 0.001,
    }
    expect(() => foldIntoKernel({ ...norm, gamma: new Float32Array(2) })).toThrow(
      'foldIntoKernel(): 2 numbers in gamma, expected 3 as in mean',
    )
    expect(() => foldIntoKernel({ ...norm, kernel: new Float32Array(7) })).toThrow(
      'foldIntoKernel(): 7 weights in the kernel, expected a multiple of 3 filters',
    )
    expect(() => foldIntoKernel({ ...norm, variance: Float32Array.of(1, -1, 1) })).toThrow(
      'foldIntoKernel(): variance 1 + epsilon is -0.999, expected a positive number',
    )
    expect(() => foldIntoKernel({ ...norm, epsilon: Number.NaN })).toThrow('variance 0 + epsilon is NaN')
  })
})
