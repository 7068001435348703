import { type Func, f32x4, v128 } from '@lowbit/wasm-emit'
import { type Channelwise, channelwise } from './channelwise.js'
import type { Strides } from './strides.js'
import { times } from './times.js'

/** The mean of a window of floats: summed from +0 by row and column, then divided. */
export interface AveragePooling extends Channelwise {
  readonly kernel: 'average-pool'
  readonly window: { readonly rows: number; readonly columns: number; readonly strides: Strides }
}

/** Parameters: input (the first window's first pixel), constants of the tail, the tail's buffers. */
export function averagePool(spec: AveragePooling): Func {
  const { rows, columns, strides } = spec.window
  return channelwise('average-pool', spec, {}, ({ local, repeat, advance }, width, input) => {
    const sums = times(width, () => local(v128.zero, 'sum'))
    const line = local(input, 'line')
    repeat(rows, () => {
      const at = local(line, 'at')
      repeat(columns, () => {
        sums.forEach((sum, i) => {
          sum.set(f32x4.add(sum, v128.load(at, 16 * i)))
        })
        advance(at, strides.pixel)
      })
      advance(line, strides.row)
    })
    return sums.map((sum) => f32x4.div(sum, rows * columns))
  })
}
