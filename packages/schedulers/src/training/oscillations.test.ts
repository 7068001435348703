import { affine } from '@lowbit/quantizers'
import { QuantizedDense, quantizeFilters, quantizeWeights } from '@lowbit/quantizers/tfjs'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  beginOscillations,
  checkOscillations,
  disposeOscillations,
  followOscillations,
  freeOfOscillations,
  type Oscillations,
  readOscillations,
  watchOscillations,
  writeOscillations,
} from './oscillations.js'

beforeAll(() => tf.setBackend('cpu'))

// Levels -1, 0, 1, 2 times 0.25.
const range = { scale: 0.25, zeroPoint: 1, levels: 4 }
const momentum = 0.25

function dense(weights: readonly number[]) {
  const layer = new QuantizedDense({ units: 2, inputShape: [3], useBias: false, weightScheme: affine({ bits: 2 }) })
  tf.sequential({ layers: [layer] })
  move(layer, weights)
  return layer
}
const move = (layer: QuantizedDense, weights: readonly number[]) =>
  layer.kernel.write(tf.tensor2d([...weights], [3, 2]))
const kernelOf = (layer: QuantizedDense) => [...layer.kernel.read().dataSync()]

/** Algorithm 1 of the paper for one weight, in doubles. */
function reference(values: readonly number[], threshold: number): number[] {
  const integerOf = (w: number) => Math.min(2, Math.max(-1, Math.round(w / 0.25)))
  let [integer, direction, frequency, frozen] = [integerOf(values[0]!), 0, 0, false]
  let average = integer
  return values.slice(1).map((w) => {
    if (frozen) return integer * 0.25
    const next = integerOf(w)
    const turn = Math.sign(next - integer)
    const oscillated = turn !== 0 && direction !== 0 && turn !== direction ? 1 : 0
    frequency = momentum * oscillated + (1 - momentum) * frequency
    average = momentum * next + (1 - momentum) * average
    if (turn !== 0) direction = turn
    integer = next
    if (frequency > threshold) {
      frozen = true
      integer = Math.round(average)
    }
    return frozen ? integer * 0.25 : w
  })
}

describe('weights that oscillate', () => {
  // One that goes back and forth, one that jumps over two levels, one that rises and stays, one that is still, two float.
  const paths = [
    [0.1, 0.15, 0.1, 0.15, 0.1, 0.15, 0.1, 0.15],
    [-0.2, 0.4, -0.2, 0.4, 0.4, 0.4, -0.2, 0.4],
    [-0.2, -0.1, 0.05, 0.2, 0.3, 0.4, 0.4, 0.4],
    [0.2, 0.21, 0.22, 0.2, 0.21, 0.22, 0.2, 0.21],
    [0.1, 0.15, 0.1, 0.15, 0.1, 0.15, 0.1, 0.15],
    [-0.1, -0.15, -0.1, -0.15, -0.1, -0.15, -0.1, -0.15],
  ]
  const at = (step: number) => paths.map((path) => path[step]!)
  const mask = [1, 1, 1, 1, 0, 0]

  function follow(layer: QuantizedDense, oscillations: Oscillations, [from, to]: [number, number], threshold = 0.4) {
    return Array.from({ length: to - from }, (_, i) => {
      const kernel = kernelOf(layer)
      // As an optimizer would: frozen weights too, which are then put back.
      move(
        layer,
        at(from + i).map((w, j) => (frozenOf(oscillations)?.[j] === 1 ? kernel[j]! + 0.2 : w)),
      )
      followOscillations(oscillations, { threshold, momentum })
      return kernelOf(layer)
    })
  }
  const frozenOf = ({ watched, layers }: Oscillations) => watched.get(layers[0]!.name)?.record.frozen.dataSync()

  it('are frozen at the rounded average of their integers, as the algorithm of the paper says', () => {
    const layer = dense(at(0))
    quantizeWeights(layer, mask, range)
    const oscillations = watchOscillations([layer])
    beginOscillations(oscillations, [])
    const steps = follow(layer, oscillations, [1, 8])
    paths.forEach((path, i) => {
      const expected = mask[i] === 1 ? reference(path, 0.4) : path.slice(1)
      for (const [step, value] of expected.entries()) expect(steps[step]![i]).toBeCloseTo(value, 6)
    })
    expect([...frozenOf(oscillations)!]).toEqual([1, 1, 0, 0, 0, 0])
    const gradients = tf.tidy(() => freeOfOscillations(oscillations, { [layer.kernel.name]: tf.ones([3, 2]) }))
    expect([...gradients[layer.kernel.name]!.dataSync()]).toEqual([0, 0, 1, 1, 1, 1])
    disposeOscillations(oscillations)
  })

  it('are followed in the same bits from what a checkpoint holds', async () => {
    const layer = dense(at(0))
    quantizeFilters(layer, { from: 0, to: 2 }, range)
    const oscillations = watchOscillations([layer])
    beginOscillations(oscillations, [])
    follow(layer, oscillations, [1, 4], 0.2)
    const saved = await readOscillations(oscillations)
    const kernel = kernelOf(layer)
    const whole = follow(layer, oscillations, [4, 8], 0.2)
    move(layer, kernel)
    const again = watchOscillations([layer])
    writeOscillations(again, saved)
    expect(follow(layer, again, [4, 8], 0.2)).toEqual(whole)
    // Frozen at an average just below 0, and not at -0.
    expect(whole.at(-1)![5]).toBe(0)
    expect(() => checkOscillations([layer], [layer.name], saved)).not.toThrow()
    expect(() => checkOscillations([layer], [layer.name], saved.slice(1))).toThrow(
      /direction is absent; expected \[3,2\]/,
    )
    expect(() => checkOscillations([layer], [], [])).not.toThrow()
  })

  it('keep what is known of them when a stage quantizes others, and lose it with their range', () => {
    const layer = dense(at(0))
    quantizeWeights(layer, mask, range)
    const oscillations = watchOscillations([layer])
    beginOscillations(oscillations, [])
    follow(layer, oscillations, [1, 8])
    quantizeFilters(layer, { from: 0, to: 2 }, range)
    beginOscillations(oscillations, [])
    expect([...frozenOf(oscillations)!]).toEqual([1, 1, 0, 0, 0, 0])
    beginOscillations(oscillations, [layer.name])
    expect([...frozenOf(oscillations)!]).toEqual([0, 0, 0, 0, 0, 0])
  })

  it('leave no tensors behind', () => {
    const layer = dense(at(0))
    quantizeWeights(layer, mask, range)
    const before = tf.memory().numTensors
    const oscillations = watchOscillations([layer])
    beginOscillations(oscillations, [])
    // The layer's own constants stay with it.
    const begun = tf.memory().numTensors
    followOscillations(oscillations, { threshold: 0.1, momentum })
    beginOscillations(oscillations, [])
    expect(tf.memory().numTensors).toBe(begun)
    disposeOscillations(oscillations)
    expect(tf.memory().numTensors).toBeLessThan(before + 10)
  })
})
