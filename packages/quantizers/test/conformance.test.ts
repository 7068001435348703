import { affine, minMax, mmse, mmseExhaustive, movingMinMax, percentile, symmetric } from '../src/index.js'
import { describeEstimator, describeObserver } from './estimator-conformance.js'
import { describeScheme } from './scheme-conformance.js'

// A new scheme, estimator or observer is a file in src and a line here.
describeScheme('affine, 2 bits', affine({ bits: 2 }))
describeScheme('affine, 3 bits', affine({ bits: 3 }))
describeScheme('affine, 4 bits', affine({ bits: 4 }))
describeScheme('affine, 5 bits', affine({ bits: 5 }))
describeScheme('affine, 6 bits', affine({ bits: 6 }))
describeScheme('affine, 7 bits', affine({ bits: 7 }))
describeScheme('affine, 8 bits', affine({ bits: 8 }))
describeScheme('affine, 3 levels', affine({ levels: 3 }))
describeScheme('affine, 25 levels', affine({ levels: 25 }))
describeScheme('symmetric, 2 bits', symmetric({ bits: 2 }))
describeScheme('symmetric, 4 bits', symmetric({ bits: 4 }))
describeScheme('symmetric, 8 bits', symmetric({ bits: 8 }))
describeScheme('symmetric and narrow, 2 bits', symmetric({ bits: 2, narrow: true }))
describeScheme('symmetric and narrow, 8 bits', symmetric({ bits: 8, narrow: true }))

describeEstimator('minMax', minMax)
describeEstimator('percentile(99)', percentile(99))
describeEstimator('mmse', mmse)
describeEstimator('mmseExhaustive', mmseExhaustive)

describeObserver('movingMinMax', movingMinMax)
