import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Histogram, histogram, mergeHistograms, validateHistogram, widenHistogram } from './histogram.js'

const finite = fc.oneof(
  fc.constantFrom(0, -0, 2 ** -149, -(2 ** -149), 3.4e38, -3.4e38),
  fc.float({ noNaN: true, noDefaultInfinity: true }),
  fc.float({ noNaN: true, noDefaultInfinity: true, min: -1, max: 1 }),
)
const batch = fc.array(finite, { maxLength: 30 })
const bins = fc.constantFrom(2, 3, 16, 4096)

describe('histogram', () => {
  it('counts every value in the bin that holds it, zeros apart', () => {
    const values = [0, 0, -0, 0.1, 0.9, 1, 1.9, -0.1, -1]
    expect(histogram(values, { bins: 4 })).toEqual({
      bins: 4,
      exponent: 0,
      first: -1,
      counts: [2, 2, 2],
      zeros: 3,
      minimum: -1,
      maximum: Math.fround(1.9),
      total: 9,
    })
  })

  it('holds the law of its bins for any values', () => {
    fc.assert(
      fc.property(batch, bins, (values, limit) => {
        const made = histogram(values, { bins: limit })
        expect(validateHistogram(made)).toBe(made)
        const width = 2 ** made.exponent
        made.counts.forEach((count, i) => {
          const [low, high] = [(made.first + i) * width, (made.first + i + 1) * width]
          expect(count).toBe(values.filter((x) => x !== 0 && x >= low && x < high).length)
        })
        expect(made.counts.length).toBeLessThanOrEqual(limit)
        // Half as wide would be too many bins.
        if (made.exponent > -149) {
          const finer = 2 / width
          const low = Math.floor(Math.min(made.minimum, 0) * finer)
          expect(Math.floor(Math.max(made.maximum, 0) * finer) - low + 1).toBeGreaterThan(limit)
        }
      }),
    )
  })

  it('refuses what it cannot count', () => {
    expect(() => histogram([1, Number.NaN])).toThrow('histogram(): value 1 is NaN')
    expect(() => histogram([1], { bins: 1 })).toThrow('histogram(): bins is 1, expected an integer from 2 to 2^20')
  })
})

describe('mergeHistograms', () => {
  it('gives exactly the histogram of all values together, in any order', () => {
    fc.assert(
      fc.property(batch, batch, batch, bins, (a, b, c, limit) => {
        const of = (values: number[]) => histogram(values, { bins: limit })
        const all = of([...a, ...b, ...c])
        expect(mergeHistograms(mergeHistograms(of(a), of(b)), of(c))).toEqual(all)
        expect(mergeHistograms(of(c), mergeHistograms(of(b), of(a)))).toEqual(all)
      }),
    )
  })

  it('wants the same limit of bins', () => {
    expect(() => mergeHistograms(histogram([1], { bins: 8 }), histogram([1], { bins: 16 }))).toThrow(
      'mergeHistograms(): 8 and 16 bins, expected as many in both',
    )
  })
})

describe('widenHistogram', () => {
  it('makes bins wide enough for what will come, and loses nothing', () => {
    const narrow = histogram([0, 0.5, 1, 3], { bins: 8 })
    const wide = widenHistogram(narrow, -20, 11)
    expect([narrow.exponent, wide.exponent]).toEqual([-1, 2])
    expect(wide.counts.reduce((sum, count) => sum + count, wide.zeros)).toBe(4)
    expect([wide.minimum, wide.maximum, wide.total]).toEqual([0, 3, 4])
    expect(validateHistogram(wide)).toBe(wide)
  })

  it('makes no difference to what comes of merging such values', () => {
    fc.assert(
      fc.property(batch, fc.array(finite, { minLength: 1 }), bins, (before, later, limit) => {
        const of = (values: number[]) => histogram(values, { bins: limit })
        const widened = widenHistogram(of(before), Math.min(...later), Math.max(...later))
        expect(mergeHistograms(widened, of(later))).toEqual(of([...before, ...later]))
      }),
    )
  })

  it('refuses bounds that are not finite', () => {
    expect(() => widenHistogram(histogram([1]), 0, Infinity)).toThrow('bounds are 0 and Infinity')
  })
})

describe('validateHistogram', () => {
  const good = histogram([0, 1, 2, -3], { bins: 8 })

  it('lets a saved histogram through', () => {
    expect(validateHistogram(JSON.parse(JSON.stringify(good)))).toEqual(good)
  })

  it.each<[Partial<Histogram>, string]>([
    [{ bins: 1 }, 'bins is 1, expected an integer from 2 to 2^20'],
    [{ counts: [1, -1, 3] }, 'counts are no list of counts, expected integers from 0 on'],
    [{ zeros: 0.5 }, 'zeros is 0.5, expected an integer from 0 on'],
    [{ total: 7 }, 'total is 7, expected 4, the zeros and all counts'],
    [{ minimum: 5 }, 'minimum is 5 and maximum 2, expected finite numbers, the smaller one first'],
    [{ exponent: -3 }, 'exponent is -3, expected an integer from 0 to 128 for -3 to 2'],
    [{ first: -2 }, '6 counts from bin -2 on, expected 6 from bin -3 on for -3 to 2'],
    [{ maximum: 4 }, '6 counts from bin -3 on, expected 8 from bin -3 on for -3 to 4'],
  ])('refuses %o', (change, message) => {
    expect(() => validateHistogram({ ...good, ...change })).toThrow(
      expect.objectContaining({ code: 'HISTOGRAM', message: `validateHistogram(): ${message}` }),
    )
  })
})
