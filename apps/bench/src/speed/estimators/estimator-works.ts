import { affine, fakeQuantize, histogram, minMax, mmse, quantize } from '@lowbit/quantizers'
import { normalValues } from '../normal-values.js'
import type { Contender, SpeedWork } from '../speed-work.js'
import { timed } from '../stopwatch.js'

/** A ResNet's last 3x3 convolution: 512 filters of 4608 weights, filters on the last axis. */
const SHAPE = [3, 3, 512, 512]
const ACTIVATIONS = 10_000_000

/** Estimating ranges, and what is done with them, at the sizes of large layers. */
export function estimatorWorks(): SpeedWork[] {
  const perFilter = (bits: number) => affine({ bits, axis: 3 })
  return [
    work('mmse-2.4M-weights-512-filters', [2, 3, 4, 8], () => {
      const values = weights()
      return (bits) => mmse(values, perFilter(bits), SHAPE)
    }),
    work('mmse-2.4M-weights', [3], () => {
      const values = weights()
      return (bits) => mmse(values, affine({ bits }))
    }),
    work('minmax-2.4M-weights-512-filters', [3], () => {
      const values = weights()
      return (bits) => minMax(values, perFilter(bits), SHAPE)
    }),
    work('quantize-2.4M-weights-512-filters', [3], () => {
      const values = weights()
      const range = minMax(values, perFilter(3), SHAPE)
      return () => quantize(values, range, SHAPE)
    }),
    work('histogram-10M-activations', [32], () => {
      const values = activations()
      return () => histogram(values)
    }),
    work('mmse-of-a-histogram', [3], () => {
      const counts = histogram(activations())
      return (bits) => mmse(counts, affine({ bits }))
    }),
    work('fakequantize-10M-activations', [3], () => {
      const values = activations()
      const range = minMax(values, affine({ bits: 3 }))
      return () => fakeQuantize(values, range)
    }),
  ]
}

/** @param prepare makes what is not timed, and gives what is */
function work(name: string, bits: readonly number[], prepare: () => (bits: number) => unknown): SpeedWork {
  return {
    name,
    bits,
    async open() {
      const run = prepare()
      const ours = bits.map(
        (width): Contender => ({ ...timed('lowbit', () => run(width)), bits: width, threads: 1, path: 'js' }),
      )
      return { ours, peers: [], close: async () => {} }
    },
  }
}

const weights = () => normalValues(3 * 3 * 512 * 512, 0.02)
/** After a relu: half of them are zero. */
const activations = () => normalValues(ACTIVATIONS, 1).map((value) => Math.max(0, value))
