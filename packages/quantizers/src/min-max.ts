import { coveringRange } from './covering-range.js'
import { estimator } from './estimator.js'

/** The range that covers all values: nothing is clipped, and one outlier costs everything else its resolution. */
export const minMax = /* @__PURE__ */ estimator('minMax', {
  ofValues: (scheme) => (values) => {
    let minimum = 0
    let maximum = 0
    for (let i = 0; i < values.length; i++) {
      const x = values[i]!
      if (x < minimum) minimum = x
      if (x > maximum) maximum = x
    }
    return coveringRange(minimum, maximum, scheme)
  },
  ofHistogram: ({ minimum, maximum }, scheme) => coveringRange(minimum, maximum, scheme),
})
