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
    const powers = new Float64Array(classes)
    for (let row = 0; row < x!.length; row += classes) sum += crossEntropyOfRow(x!, p!, dx!, row, rows, powers)
    float32View(backend, loss)[0] = sum / rows
    return [loss, dlogits]
  },
}

/** The loss of the row that begins at `from`; writes its gradient divided by the number of rows. `powers` is its own while it runs. */
function crossEntropyOfRow(
  logits: Float32Array,
  labels: Float32Array,
  gradient: Float32Array,
  from: number,
  rows: number,
  powers: Float64Array,
): number {
  const to = from + powers.length
  let largest = logits[from]!
  for (let i = from + 1; i < to; i++) if (!(logits[i]! <= largest)) largest = logits[i]!
  let total = 0
  for (let i = from; i < to; i++) {
    const power = exponential(logits[i]! - largest)
    powers[i - from] = power
    total += power
  }
  const logTotal = logarithm(total)
  let loss = 0
  for (let i = from; i < to; i++) {
    const label = labels[i]!
    if (label !== 0) loss += label * (logTotal - (logits[i]! - largest))
    gradient[i] = (powers[i - from]! / total - label) / rows
  }
  return loss
}
