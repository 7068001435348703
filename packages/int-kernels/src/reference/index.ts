export { runReference, runReferenceValues } from './run-reference.js'
export { tanhApproximation } from './tanh-approximation.js'
