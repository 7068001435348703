import { exponential, logarithm } from '../exponential.js'
import { areFilledFloats, input, sizeOf, type TrainingKernel } from '../tfjs/training-kernel.js'
import { allocate, float32View } from '../tfjs/wasm-backend.js'

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
    for (let row = 0; row < x!.length; row += classes) sum += crossEntropyOfRow(x!, p!, dx!, row, row + classes, rows)
    float32View(backend, loss)[0] = sum / rows
    return [loss, dlogits]
  },
}

/** The loss of the row from..to; writes its gradient divided by the number of rows. */
function crossEntropyOfRow(
  logits: Float32Array,
  labels: Float32Array,
  gradient: Float32Array,
  from: number,
  to: number,
  rows: number,
): number {
  let largest = logits[from]!
  for (let i = from + 1; i < to; i++) if (!(logits[i]! <= largest)) largest = logits[i]!
  let total = 0
  for (let i = from; i < to; i++) total += exponential(logits[i]! - largest)
  const logTotal = logarithm(total)
  let loss = 0
  for (let i = from; i < to; i++) {
    const label = labels[i]!
    if (label !== 0) loss += label * (logTotal - (logits[i]! - largest))
    gradient[i] = (exponential(logits[i]! - largest) / total - label) / rows
  }
  return loss
}
