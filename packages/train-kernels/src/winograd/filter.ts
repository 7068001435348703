import { func } from '@lowbit/wasm-emit'
import type { MultiplyAdd } from '../arithmetic.js'
import { loadStrided, nested } from '../blocks.js'
import type { ConvShape } from '../convolution/conv-shape.js'
import { panelsOf } from '../convolution/tile.js'
import { productTile, type WinogradProduct } from './product.js'
import { type ForwardTransforms, transformMath, transformMatrix } from './transforms.js'

/** How a filter is read: bytes between neighbouring kernel rows, columns, channels summed over and outputs. */
export interface KernelOrder {
  readonly row: number
  readonly column: number
  readonly channel: number
  readonly output: number
  /** Whether the kernel is turned round, its last tap first. */
  readonly turned: boolean
}

/** The order of an HWIO filter for the convolution itself. */
export const forwardOrder = ({ columns, inputs, outputs }: ConvShape): KernelOrder => ({
  row: 4 * columns.kernel * inputs * outputs,
  column: 4 * inputs * outputs,
  channel: 4 * outputs,
  output: 4,
  turned: false,
})

/** The order in which outputs are summed over, for an input gradient by the transposed transforms. */
export const swappedOrder = (shape: ConvShape): KernelOrder => ({
  ...forwardOrder(shape),
  channel: 4,
  output: 4 * shape.outputs,
})

/** The same with the kernel turned round, for an input gradient as a convolution of the errors. */
export const turnedOrder = (shape: ConvShape): KernelOrder => ({ ...swappedOrder(shape), turned: true })

/** Transforms a filter: for each product panels of outputs, in each the channels summed over. */
export const transformFilter = (
  product: WinogradProduct,
  transforms: ForwardTransforms,
  order: KernelOrder,
  madd: MultiplyAdd,
) =>
  func('transformFilter', { filter: 'i32', factors: 'i32' }, ({ filter, factors }, body) => {
    const { local, advance } = body
    const size = transforms.tile + 2
    const math = transformMath(body, transforms, madd)
    const tapOffset = (row: number, column: number) =>
      order.turned ? (2 - row) * order.row + (2 - column) * order.column : row * order.row + column * order.column
    for (const { count, vectors } of panelsOf(product.outputs, productTile(product).vectors))
      nested(body, [[count, () => advance(filter, 4 * vectors * order.output)]], () => {
        const channel = local(filter)
        nested(body, [[product.channels, () => advance(channel, order.channel)]], () => {
          for (let v = 0; v < vectors; v++)
            transformMatrix(
              math,
              transforms.kernel,
              3,
              (row, column) => loadStrided(channel, 4, order.output, tapOffset(row, column) + 4 * v * order.output),
              (row, column, value) => body.store(factors, value, (size * row + column) * product.bytes.kernel + 16 * v),
            )
          advance(factors, 16 * vectors)
        })
      })
  })
