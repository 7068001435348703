import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyScheme, shapeWithAxis } from '../test/any-scheme.js'
import { coveringRange } from './covering-range.js'
import { minMax } from './min-max.js'
import { movingMinMax } from './moving-min-max.js'
import { affine, type Scheme } from './scheme.js'

describe('movingMinMax', () => {
  const scheme = affine({ bits: 4 })
  const observer = movingMinMax(scheme, { momentum: 0.75 })

  it('takes the first batch as it is and moves by a quarter towards each later one', () => {
    const first = observer.observe(observer.initial, [-1, 3])
    expect(observer.range(first)).toEqual(minMax([-1, 3], scheme))
    const second = observer.observe(first, [-5, 7])
    expect(second).toEqual({ minimum: [-2], maximum: [4], batches: 2, axis: null })
    expect(observer.range(second)).toEqual(coveringRange(-2, 4, scheme))
    expect(first).toEqual({ minimum: [-1], maximum: [3], batches: 1, axis: null })
  })

  it('is minMax of one batch, whatever the momentum, and of the last one of several without momentum', () => {
    const momentum = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    const cases = shapeWithAxis.chain(({ shape, axis }) => {
      const length = shape.reduce((product, size) => product * size, 1)
      const value = fc.float({ noNaN: true, noDefaultInfinity: true })
      const values = fc.array(value, { minLength: length, maxLength: length })
      return fc.record({
        shape: fc.constant(shape),
        axis: fc.constantFrom(undefined, axis),
        first: values,
        last: values,
      })
    })
    fc.assert(
      fc.property(anyScheme, momentum, cases, (perTensor, weight, { shape, axis, first, last }) => {
        const each: Scheme = axis === undefined ? perTensor : { ...perTensor, axis }
        const weighted = movingMinMax(each, { momentum: weight })
        expect(weighted.range(weighted.observe(weighted.initial, first, shape))).toEqual(minMax(first, each, shape))
        const { initial, observe, range } = movingMinMax(each, { momentum: 0 })
        expect(range(observe(observe(initial, first, shape), last, shape))).toEqual(minMax(last, each, shape))
      }),
    )
  })

  it('keeps extremes for each channel', () => {
    const perChannel = movingMinMax(affine({ bits: 4, axis: -1 }), { momentum: 0.5 })
    const first = perChannel.observe(perChannel.initial, [0, 10, 2, 20], [2, 2])
    const second = perChannel.observe(first, [0, 30, 4, 40], [2, 2])
    expect(second).toEqual({ minimum: [0, 20], maximum: [3, 30], batches: 2, axis: 1 })
    expect(perChannel.range(second)).toEqual(minMax([0, 0, 3, 30], affine({ bits: 4, axis: 1 }), [2, 2]))
  })

  it('says what does not fit', () => {
    expect(() => observer.range(observer.initial)).toThrow('no batch observed, expected one at least')
    expect(() => observer.observe(observer.initial, [])).toThrow('movingMinMax(): 0 values, expected one at least')
    expect(() => observer.observe(observer.initial, [1, Number.NaN])).toThrow('movingMinMax(): value 1 is NaN')
    expect(() => movingMinMax(scheme, { momentum: 1 })).toThrow('momentum is 1, expected a number from 0 to below 1')
    const perChannel = movingMinMax(affine({ bits: 4, axis: 1 }))
    const state = perChannel.observe(perChannel.initial, [1, 2], [1, 2])
    expect(() => perChannel.observe(state, [1, 2, 3], [1, 3])).toThrow('a batch of 3 channels, expected 2 as before')
  })
})
