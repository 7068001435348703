import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { distilledTargets, trainingLoss } from './training-loss.js'

const linear = (values: number[], kernelRegularizer?: 'l1l2') =>
  tf.sequential({
    layers: [
      tf.layers.dense({
        units: 3,
        inputShape: [2],
        useBias: false,
        weights: [tf.tensor2d(values, [2, 3])],
        ...(kernelRegularizer === undefined ? {} : { kernelRegularizer }),
      }),
    ],
  })
const student = [0.5, -0.25, 1, 0.75, 2, -1]
const teacher = [1, 0, -1, 0.5, -2, 1]
const rows = [
  [1, 2],
  [-1, 0.5],
]
const labels = [
  [0, 1, 0],
  [0.1, 0.1, 0.8],
]

describe('trainingLoss', () => {
  beforeAll(() => tf.setBackend('cpu'))

  const loss = (model: tf.LayersModel, distillation?: { temperature?: number; weight?: number }) =>
    tf.tidy(() => {
      const x = tf.tensor2d(rows)
      const distilled =
        distillation === undefined ? null : distilledTargets({ teacher: linear(teacher), ...distillation }, x)
      return trainingLoss(model, x, { labels: tf.tensor2d(labels), distilled }).dataSync()[0]!
    })

  it('is the mean cross-entropy with the labels', () => {
    const expected = (crossEntropy(student, 0, labels[0]!, 1) + crossEntropy(student, 1, labels[1]!, 1)) / 2
    expect(loss(linear(student))).toBeCloseTo(expected, 5)
  })

  it("mixes in the teacher's softened answer as Hinton et al. do", () => {
    const [temperature, weight] = [4, 0.7]
    const hard = (crossEntropy(student, 0, labels[0]!, 1) + crossEntropy(student, 1, labels[1]!, 1)) / 2
    const answer = (row: number) => softmax(logits(teacher, row).map((z) => z / temperature))
    const soft =
      (crossEntropy(student, 0, answer(0), temperature) + crossEntropy(student, 1, answer(1), temperature)) / 2
    expect(loss(linear(student), { temperature, weight })).toBeCloseTo((1 - weight) * hard + weight * 16 * soft, 4)
  })

  it("adds the model's own regularisation", () => {
    const penalty = 0.01 * student.reduce((sum, w) => sum + Math.abs(w) + w * w, 0)
    expect(loss(linear(student, 'l1l2')) - loss(linear(student))).toBeCloseTo(penalty, 5)
  })
})

function logits(weights: number[], row: number): number[] {
  return [0, 1, 2].map((c) => rows[row]![0]! * weights[c]! + rows[row]![1]! * weights[3 + c]!)
}

function softmax(z: number[]): number[] {
  const exps = z.map(Math.exp)
  const sum = exps.reduce((a, b) => a + b)
  return exps.map((e) => e / sum)
}

function crossEntropy(weights: number[], row: number, target: number[], temperature: number): number {
  const p = softmax(logits(weights, row).map((z) => z / temperature))
  return -target.reduce((sum, t, c) => sum + t * Math.log(p[c]!), 0)
}
