import { exponential, logarithm } from '../exponential.js'
import { areFilledFloats, input, sizeOf, type TrainingKernel } from '../training-kernel.js'
import { allocate, float32View } from '../wasm-backend.js'

/**
 * Mean over the rows of -sum(labels * log(softmax(logits))), and its gradient (softmax(logits) - labels) / n: inputs logits and
 * labels [n, classes], the labels' rows are probabilities. Gives [loss, dlogits].
 */
export const softmaxCrossEntropy: TrainingKernel = {
  name: 'LowbitSoftmaxCrossEntropy',
  run(call) {
    const { backend } = call
    const [logits, labels] = [input(call, 'logits'), input(call, 'labels')]
    if (!areFilledFloats(logits, labels) || sizeOf(logits) !== sizeOf(labels)) return undefined
    const loss = allocate(backend, [])
    const dlogits = allocate(backend, logits.shape)
    const classes = logits.shape.at(-1) ?? 1
    const [x, p, dx] = [logits, labels, dlogits].map((tensor) => float32View(backend, tensor))
    const rows = x!.length / classes
    let sum = 0
    for (let row = 0; row < x!.length; row += classes) {
      const end = row + classes
      sum += crossEntropyOfRow(x!.subarray(row, end), p!.subarray(row, end), dx!.subarray(row, end), rows)
    }
    float32View(backend, loss)[0] = sum / rows
    return [loss, dlogits]
  },
}

/** The row's loss; writes its gradient divided by the number of rows. */
function crossEntropyOfRow(logits: Float32Array, labels: Float32Array, gradient: Float32Array, rows: number): number {
  const largest = logits.reduce((a, b) => (a > b || Number.isNaN(a) ? a : b), Number.NEGATIVE_INFINITY)
  const powers = Float64Array.from(logits, (logit) => exponential(logit - largest))
  const total = powers.reduce((a, b) => a + b, 0)
  const logTotal = logarithm(total)
  let loss = 0
  for (let c = 0; c < logits.length; c++) {
    const label = labels[c]!
    if (label !== 0) loss += label * (logTotal - (logits[c]! - largest))
    gradient[c] = (powers[c]! / total - label) / rows
  }
  return loss
}
