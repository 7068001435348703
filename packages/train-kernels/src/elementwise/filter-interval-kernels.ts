import { type Body, compile, f32x4, func, type Local, type V128, v128 } from '@lowbit/wasm-emit'
import { cachedProgram } from '../tfjs/program-cache.js'
import { clamped, inside } from './interval-kernels.js'
import { type FloatAccess, overFloats } from './over-floats.js'

/** Functions over weights [rows, filters] with an interval for each filter: addresses, rows > 0, filters > 0. */
export const filterIntervalKernels = (memory: WebAssembly.Memory) =>
  cachedProgram(memory, 'filter interval', () => {
    const [quantize, gradient] = compile([quantizeFunction(), gradientFunction()], memory, 'filterInterval')
    return { quantize, gradient }
  })

const parameters = { w: 'i32', mask: 'i32', inverseScale: 'i32', minimum: 'i32', maximum: 'i32' } as const
type Weights = { readonly [K in keyof typeof parameters]: Local<'i32'> }

/** mask ? clamp(nearest(w * inverseScale), minimum, maximum) : w * inverseScale */
const quantizeFunction = () =>
  func(
    'quantizeFilters',
    { ...parameters, output: 'i32', rows: 'i32', filters: 'i32' },
    ({ output, rows, filters, ...weights }, body) =>
      overFilters(body, rows, filters, weights, [output], ({ load, store }, row) => {
        const scaled = body.local(f32x4.mul(load(row.w), load(row.inverseScale)))
        const rounded = f32x4.add(clamped(f32x4.nearest(scaled), load(row.minimum), load(row.maximum)), 0)
        store(output, v128.bitselect(rounded, scaled, isSet(load(row.mask))))
      }),
  )

/** mask ? (minimum <= w * inverseScale <= maximum ? dy * inverseScale : 0) : dy * inverseScale */
const gradientFunction = () =>
  func(
    'quantizeFiltersGradient',
    { ...parameters, dy: 'i32', output: 'i32', rows: 'i32', filters: 'i32' },
    ({ dy, output, rows, filters, ...weights }, body) =>
      overFilters(body, rows, filters, weights, [dy, output], ({ load, store }, row) => {
        const scaled = body.local(f32x4.mul(load(row.w), load(row.inverseScale)))
        const passes = v128.or(v128.not(isSet(load(row.mask))), inside(scaled, load(row.minimum), load(row.maximum)))
        store(output, v128.and(f32x4.mul(load(dy), load(row.inverseScale)), passes))
      }),
  )

const isSet = (mask: V128) => f32x4.ne(mask, 0)

/** Goes over the rows; within each, weights and filters' intervals advance together. */
function overFilters(
  body: Body,
  rows: Local<'i32'>,
  filters: Local<'i32'>,
  weights: Weights,
  others: readonly Local<'i32'>[],
  write: (access: FloatAccess, row: Weights) => void,
): void {
  body.repeat(rows, () => {
    const { inverseScale, minimum, maximum } = weights
    const row = {
      ...weights,
      inverseScale: body.local(inverseScale),
      minimum: body.local(minimum),
      maximum: body.local(maximum),
    }
    const pointers = [row.w, row.mask, row.inverseScale, row.minimum, row.maximum, ...others]
    overFloats(body, filters, pointers, (access) => write(access, row))
  })
}
