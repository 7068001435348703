import { random } from './backends.js'

/** A convolution of the sweep. */
export interface ConvCase {
  readonly batch: number
  readonly height: number
  readonly width: number
  readonly inputs: number
  readonly outputs: number
  readonly kernel: readonly [number, number]
  readonly stride: number
  readonly pad: 'valid' | 'same' | number | [[0, 0], [number, number], [number, number], [0, 0]]
}

const channels = [1, 3, 4, 5, 8, 12, 64]
const kernels = [1, 2, 3, 5, 7]
const strides = [1, 2]
const pads = ['valid', 'same'] as const
const batches = [1, 7, 100]

/** Multiply-adds that a case may cost the reference. */
const budget = process.env.LOWBIT_FULL_SWEEP ? 2e7 : 1e6

/** Every value of the sweep with every kernel and stride; with LOWBIT_FULL_SWEEP set every combination. */
export function convCases(): ConvCase[] {
  const all = batches.flatMap((batch) =>
    channels.flatMap((inputs) =>
      channels.flatMap((outputs) =>
        kernels.flatMap((kernel) =>
          strides.flatMap((stride) => pads.map((pad) => caseOf(batch, inputs, outputs, kernel, stride, pad))),
        ),
      ),
    ),
  )
  return process.env.LOWBIT_FULL_SWEEP ? all : all.filter((_, i) => i % 43 === 0)
}

function caseOf(batch: number, inputs: number, outputs: number, kernel: number, stride: number, pad: 'valid' | 'same') {
  const next = random(batch + 3 * inputs + 5 * outputs + 7 * kernel + stride)
  const pixels = budget / (batch * inputs * outputs * kernel * kernel)
  const side = Math.max(1, Math.min(9, Math.round(Math.sqrt(pixels))))
  const height = kernel + Math.floor(next() * side)
  const width = kernel + Math.floor(next() * side)
  return { batch, height, width, inputs, outputs, kernel: [kernel, kernel] as const, stride, pad }
}

export const nameOf = (c: ConvCase) =>
  `${c.batch}x${c.height}x${c.width} ${c.inputs}->${c.outputs} kernel ${c.kernel.join('x')} stride ${c.stride} ${c.pad}`
