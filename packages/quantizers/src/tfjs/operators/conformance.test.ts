import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { largestDifference } from '../../../test/finite-differences.js'
import { onEachBackend } from '../../../test/on-each-backend.js'
import { dorefaActivations, dorefaWeights } from './dorefa.js'
import { ewgs } from './ewgs.js'
import { lsq } from './lsq.js'
import { lsqPlus } from './lsq-plus.js'
import { pact } from './pact.js'
import { straightThrough } from './straight-through.js'

/** A quantizer with its parameters filled in. */
interface Quantizer {
  readonly name: string
  readonly levels: number
  readonly quantize: (x: tf.Tensor) => tf.Tensor
  /** The function whose rounding it is, and whose gradient it has. */
  readonly unrounded: (x: number) => number
  /** Between two neighbouring levels. */
  readonly step: number
  /** Where the gradient jumps, if anywhere. */
  readonly edges: readonly number[]
}

const clampTo = (minimum: number, maximum: number) => (x: number) => Math.min(Math.max(x, minimum), maximum)
const scalar = (value: number) => tf.tensor1d([value])

// -3 to 4 times 1/4.
const range = { scale: 0.25, zeroPoint: 3, levels: 8 }
const clampedToRange = { levels: 8, unrounded: clampTo(-0.75, 1), step: 0.25, edges: [-0.75, 1] }

/** A new quantizer is one line here. DoReFa's weights scale to the largest, which is 2 in every sample below. */
const quantizers: readonly Quantizer[] = [
  { name: 'straightThrough', quantize: (x) => straightThrough(x, range), ...clampedToRange },
  { name: 'ewgs', quantize: (x) => ewgs(x, range, { delta: 0 }), ...clampedToRange },
  { name: 'lsq', quantize: (x) => lsq(x, range, { step: scalar(0.25) }), ...clampedToRange },
  {
    name: 'lsqPlus',
    quantize: (x) => lsqPlus(x, range, { step: scalar(0.25), offset: scalar(0.125) }),
    ...clampedToRange,
    unrounded: clampTo(-0.625, 1.125),
    edges: [-0.625, 1.125],
  },
  {
    name: 'pact',
    levels: 16,
    quantize: (x) => pact(x, { levels: 16 }, { alpha: scalar(1.5) }),
    unrounded: clampTo(0, 1.5),
    step: 0.1,
    edges: [0, 1.5],
  },
  {
    name: 'dorefaActivations',
    levels: 5,
    quantize: (x) => dorefaActivations(x, { levels: 5 }),
    unrounded: clampTo(0, 1),
    step: 0.25,
    edges: [0, 1],
  },
  {
    name: 'dorefaWeights',
    levels: 9,
    quantize: (x) => dorefaWeights(x, { levels: 9 }),
    unrounded: (x) => Math.tanh(x) / Math.tanh(2),
    step: 0.25,
    edges: [-2, 2],
  },
]

const grid = Array.from({ length: 401 }, (_, i) => (i - 200) / 100)

onEachBackend(() => {
  describe.each(quantizers)('$name', ({ quantize, levels, unrounded, step, edges }) => {
    const run = (values: readonly number[] | Float32Array) =>
      tf.tidy(() => quantize(tf.tensor1d(values as number[])).dataSync<'float32'>())

    it('gives the nearest of its levels, and no value between them', () => {
      const quantized = run(grid)
      expect(new Set(quantized).size).toBe(levels)
      expect(largestDifference(quantized, grid.map(unrounded))).toBeLessThanOrEqual(step / 2 + 1e-6)
    })

    it('never falls while its input rises', () => {
      const quantized = run(grid)
      for (let i = 1; i < quantized.length; i++) expect(quantized[i]!).toBeGreaterThanOrEqual(quantized[i - 1]!)
    })

    it('leaves its own levels as they are', () => {
      expect(run(run(grid))).toEqual(run(grid))
    })

    it('keeps the shape, NaN, and no tensor that it does not give', () => {
      const x = tf.tensor3d([...grid.slice(0, 5), Number.NaN], [1, 2, 3])
      const before = tf.memory().numTensors
      const y = tf.tidy(() => quantize(x))
      expect(tf.memory().numTensors).toBe(before + 1)
      expect(y.shape).toEqual([1, 2, 3])
      expect(y.dataSync()[5]).toBeNaN()
    })

    it('has the gradient of the function that it rounds', () => {
      const away = grid.filter((x) => edges.every((edge) => Math.abs(x - edge) > 0.02))
      // The elements at the edges stay in, since DoReFa scales by the largest, but get no gradient.
      const x = [...away, -2, 2]
      const dy = x.map((_, i) => (i < away.length ? 1 + (i % 3) : 0))
      const gradient = tf.tidy(() => {
        const f = (t: tf.Tensor) => tf.sum(tf.mul(quantize(t), dy))
        return tf.grad(f)(tf.tensor1d(x)).dataSync<'float32'>()
      })
      const h = 1e-4
      const expected = away.map((value, i) => (dy[i]! * (unrounded(value + h) - unrounded(value - h))) / (2 * h))
      expect(largestDifference(gradient.subarray(0, away.length), expected)).toBeLessThan(1e-4)
    })
  })
})
