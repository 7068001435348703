import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  affine,
  type ChannelRange,
  type ChannelScheme,
  type Estimator,
  fakeQuantize,
  histogram,
  type Observer,
  type QuantizationRange,
  rangeOfChannel,
  type Scheme,
  symmetric,
  type TensorScheme,
  type Values,
  validateRange,
} from '../src/index.js'
import { anyFinite } from './any-finite.js'
import { anyScheme, schemes, shapeWithAxis } from './any-scheme.js'
import { distributions, generator, squaredError } from './distributions.js'

/** An estimator of values; not each takes a histogram. */
interface EstimatorOfValues {
  (values: Values, scheme: TensorScheme, shape?: readonly number[]): QuantizationRange
  (values: Values, scheme: ChannelScheme, shape: readonly number[]): ChannelRange
  (values: Values, scheme: Scheme, shape?: readonly number[]): QuantizationRange | ChannelRange
}

/** What every estimator has to give, whatever it estimates. */
export function describeEstimator(name: string, estimate: Estimator): void {
  describe(`${name}: what every estimator gives`, () => {
    describeRangesOfValues(estimate)
    describeRangesOfHistograms(estimate)
  })
}

/** An observer of this scheme. */
interface ObserverOf<State> {
  (scheme: TensorScheme): Observer<State, QuantizationRange>
  (scheme: ChannelScheme): Observer<State, ChannelRange>
  (scheme: Scheme): Observer<State, QuantizationRange | ChannelRange>
}

/** What every observer has to give: for one batch what an estimator does for its values, for several a state to go on from. */
export function describeObserver<State>(name: string, observerOf: ObserverOf<State>): void {
  describe(`${name}: what every observer gives`, () => {
    describe('for one batch', () => {
      function estimate(values: Values, scheme: TensorScheme): QuantizationRange
      function estimate(values: Values, scheme: ChannelScheme, shape: readonly number[]): ChannelRange
      function estimate(values: Values, scheme: Scheme, shape?: readonly number[]): QuantizationRange | ChannelRange
      function estimate(values: Values, scheme: Scheme, shape?: readonly number[]): QuantizationRange | ChannelRange {
        const { initial, observe, range } = observerOf(scheme)
        return range(observe(initial, values, shape))
      }
      describeRangesOfValues(estimate)
    })

    const batches = fc.array(fc.integer(), { minLength: 1, maxLength: 4 })
    const drawn = (seed: number, length: number) => {
      const random = generator(seed)
      return Float32Array.from({ length }, () => Math.fround(random() - 0.3))
    }

    it('for several batches, for each channel what its values alone would get, along any axis', () => {
      fc.assert(
        fc.property(anyScheme, shapeWithAxis, batches, (scheme, { shape, axis }, seeds) => {
          const perChannel = observerOf({ ...scheme, axis })
          const perTensor = observerOf(scheme)
          const values = seeds.map((seed) => drawn(seed, sizeOf(shape)))
          const all = values.reduce((state, x) => perChannel.observe(state, x, shape), perChannel.initial)
          const range = validateRange<ChannelRange>(perChannel.range(all))
          for (let c = 0; c < shape.at(axis)!; c++) {
            const own = values.reduce(
              (state, x) => perTensor.observe(state, channelOf(x, shape, axis, c)),
              perTensor.initial,
            )
            expect(rangeOfChannel(range, c)).toEqual(perTensor.range(own))
          }
        }),
        { numRuns: 50 },
      )
    })

    it('a state that is plain data and stays as it was', () => {
      fc.assert(
        fc.property(anyScheme, batches, (scheme, seeds) => {
          const { initial, observe, range } = observerOf(scheme)
          let state = initial
          for (const seed of seeds) {
            const saved = JSON.stringify(state)
            const next = observe(state, drawn(seed, 5))
            expect(JSON.stringify(state)).toBe(saved)
            expect(observe(JSON.parse(saved), drawn(seed, 5))).toEqual(next)
            state = next
          }
          expect(range(JSON.parse(JSON.stringify(state)))).toEqual(range(state))
        }),
      )
    })

    it('an error for a range before any batch, and for a batch of other channels than before', () => {
      const error = (code: string) => expect.objectContaining({ name: 'QuantizerError', code })
      const { initial, observe, range } = observerOf(affine({ bits: 3, axis: 0 }))
      expect(() => range(initial)).toThrow(error('EMPTY'))
      const state = observe(initial, [1, 2, 3, 4], [2, 2])
      expect(() => observe(state, [1, 2, 3, 4], [4, 1])).toThrow(error('SHAPE'))
    })
  })
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}

/** The values of one channel, in their order. */
function channelOf(values: Float32Array, shape: readonly number[], axis: number, channel: number): Float32Array {
  const inner = sizeOf(shape.slice(axis < 0 ? axis + shape.length + 1 : axis + 1))
  return values.filter((_, i) => Math.floor(i / inner) % shape.at(axis)! === channel)
}

function describeRangesOfValues(estimate: EstimatorOfValues): void {
  const values = fc.array(anyFinite, { minLength: 1, maxLength: 40 })

  it('a valid range of the scheme: plain data with its levels, the zero point in the middle where it is symmetric', () => {
    fc.assert(
      fc.property(values, anyScheme, (x, scheme) => {
        const range = validateRange(estimate(x, scheme))
        expect(JSON.parse(JSON.stringify(range))).toEqual(range)
        expect(range.levels).toBe(scheme.narrow && scheme.levels % 2 === 0 ? scheme.levels - 1 : scheme.levels)
        if (scheme.symmetric) expect(range.zeroPoint).toBe(Math.floor(range.levels / 2))
      }),
    )
  })

  it('zero point 0 for non-negative data of an affine scheme', () => {
    fc.assert(
      fc.property(
        values,
        anyScheme.filter((scheme) => !scheme.symmetric),
        (x, scheme) => {
          expect(estimate(x.map(Math.abs), scheme).zeroPoint).toBe(0)
        },
      ),
    )
  })

  it('no more error than sending everything to zero', () => {
    fc.assert(
      fc.property(fc.array(fc.float({ noNaN: true, min: -8, max: 8 }), { minLength: 1 }), (x) => {
        const floats = Float32Array.from(x)
        const zeroed = floats.reduce((total, value) => total + value ** 2, 0)
        expect(squaredError(floats, estimate(floats, affine({ bits: 4 })))).toBeLessThanOrEqual(zeroed * 1.0001)
      }),
    )
  })

  it('the same range for values 2^k times as large, with 2^k times the scale', () => {
    const moderate = fc.array(fc.float({ noNaN: true, min: -8, max: 8 }).filter((x) => x === 0 || Math.abs(x) > 1e-6))
    fc.assert(
      fc.property(moderate, fc.integer({ min: -10, max: 10 }), anyScheme, (x, exponent, scheme) => {
        fc.pre(x.some((value) => value !== 0))
        const range = estimate(x, scheme)
        const scaled = estimate(
          x.map((value) => value * 2 ** exponent),
          scheme,
        )
        expect(scaled).toEqual({ ...range, scale: range.scale * 2 ** exponent })
      }),
    )
  })

  it('for each channel what its values alone would get, along any axis', () => {
    fc.assert(
      fc.property(anyScheme, shapeWithAxis, fc.integer(), (scheme, { shape, axis }, seed) => {
        const random = generator(seed)
        const x = Float32Array.from({ length: sizeOf(shape) }, () => Math.fround(random() - 0.3))
        const range = validateRange<ChannelRange>(estimate(x, { ...scheme, axis }, shape))
        expect(range.axis).toBe(axis < 0 ? axis + shape.length : axis)
        for (let c = 0; c < shape.at(axis)!; c++) {
          expect(rangeOfChannel(range, c)).toEqual(estimate(channelOf(x, shape, axis, c), scheme))
        }
      }),
      { numRuns: 50 },
    )
  })

  it('the values as they were', () => {
    const x = Float32Array.of(3, -1, 2, 0.5, -7)
    const before = x.slice()
    estimate(x, affine({ bits: 3 }))
    estimate(x, affine({ bits: 3, axis: 0 }), [5])
    estimate(x, affine({ bits: 3, axis: 1 }), [1, 5])
    expect(x).toEqual(before)
  })

  describe('from degenerate values', () => {
    const scheme = affine({ bits: 3 })

    it('of which there are none, an error', () => {
      const error = expect.objectContaining({ code: 'EMPTY', message: expect.stringContaining('0 values') })
      expect(() => estimate([], scheme)).toThrow(error)
      expect(() => estimate([], affine({ bits: 3, axis: 1 }), [0, 4])).toThrow(error)
    })

    it('that are all zero, scale 1', () => {
      for (const each of schemes) {
        expect(estimate([0, -0, 0], each).scale).toBe(1)
      }
    })

    it('that are all the same, that value within a step and a half', () => {
      for (const x of [0.5, -0.5, 1e-10, -1e10]) {
        for (const each of schemes) {
          const range = estimate([x, x, x], each)
          expect(Math.abs(fakeQuantize([x], range)[0]! - x)).toBeLessThanOrEqual(1.5 * range.scale)
        }
      }
    })

    it('that are subnormal, a usable range', () => {
      expect(() => validateRange(estimate([1e-40, -1e-42, 0], scheme))).not.toThrow()
    })

    it('that are as large as f32 goes, a usable range', () => {
      expect(() => validateRange(estimate([3.4e38, -3.4e38], scheme))).not.toThrow()
    })

    it('with a single outlier, a usable range', () => {
      const x = Float32Array.from({ length: 1000 }, (_, i) => Math.sin(i))
      x[500] = 1e6
      const range = validateRange(estimate(x, scheme))
      expect(Number.isFinite(squaredError(x, range))).toBe(true)
    })
  })

  it('an error for NaN and infinities, with their index', () => {
    for (const wrong of [Number.NaN, Infinity, -Infinity]) {
      const error = expect.objectContaining({
        code: 'VALUE',
        message: expect.stringContaining(`value 3 is ${wrong}`),
      })
      expect(() => estimate([1, 2, 3, wrong, 5, 6], affine({ bits: 3 }))).toThrow(error)
      expect(() => estimate([1, 2, 3, wrong, 5, 6], affine({ bits: 3, axis: 0 }), [2, 3])).toThrow(error)
    }
  })

  it('an error for a shape or an axis that does not fit', () => {
    const error = (code: string) => expect.objectContaining({ name: 'QuantizerError', code })
    expect(() => estimate([1, 2, 3], affine({ bits: 3, axis: 0 }), [2])).toThrow(error('SHAPE'))
    expect(() => estimate([1, 2, 3], affine({ bits: 3, axis: 1 }), [3])).toThrow(error('AXIS'))
    const scheme: Scheme = affine({ bits: 3, axis: 0 })
    expect(() => estimate([1, 2, 3], scheme)).toThrow(error('SHAPE'))
    expect(() => estimate([1, 2, 3], { levels: 2, symmetric: false, narrow: false })).toThrow(error('LEVELS'))
  })
}

function describeRangesOfHistograms(estimate: Estimator): void {
  it.each(Object.entries(distributions))('nearly the same from a histogram (%s)', (_, draw) => {
    const random = generator(23)
    const x = Float32Array.from({ length: 4000 }, () => draw(random))
    for (const scheme of [affine({ bits: 3 }), affine({ bits: 6 }), symmetric({ bits: 4 })]) {
      const onValues = squaredError(x, estimate(x, scheme))
      const onHistogram = squaredError(x, estimate(histogram(x), scheme))
      expect(onHistogram).toBeLessThanOrEqual(onValues * 1.03)
    }
  })

  it('a usable range from degenerate ones', () => {
    const scheme = affine({ bits: 3 })
    for (const each of schemes) expect(estimate(histogram([0, -0, 0]), each)).toEqual(estimate([0, -0, 0], each))
    expect(() => validateRange(estimate(histogram([1e-40, -1e-42, 0]), scheme))).not.toThrow()
    expect(() => validateRange(estimate(histogram([3.4e38, -3.4e38]), scheme))).not.toThrow()
  })

  it('an error for one of no values, and for a scheme per channel', () => {
    const error = (code: string) => expect.objectContaining({ name: 'QuantizerError', code })
    const empty = expect.objectContaining({ code: 'EMPTY', message: expect.stringContaining('0 values') })
    const perChannel: Scheme = affine({ bits: 3, axis: 0 })
    expect(() => estimate(histogram([]), affine({ bits: 3 }))).toThrow(empty)
    expect(() => estimate(histogram([1, 2, 3]), perChannel)).toThrow(error('AXIS'))
  })
}
