import { limits } from '../format/limits.js'
import type { Kernel } from '../kernels/kernel.js'
import { channelBytes } from '../kernels/tail.js'
import { times } from '../kernels/times.js'
import { planeBytes, tilesAlong } from '../kernels/winograd-blocks.js'
import { type Address, type Call, moved, type Plan } from './plan.js'

/**
 * The same plan with its phases divided into up to `parts` calls that may run at the same time, by filters where there are more
 * weights than there is of the image that they are for, else by rows of what is written.
 */
export function splitPlan(plan: Plan, parts: number): Plan {
  if (parts === 1) return plan
  const buffers = new Map(plan.buffers)
  const phases = plan.phases.map((calls) =>
    calls.flatMap((call) => splitCall(plan, call, parts).map((part, i) => withScratch(part, i, buffers))),
  )
  return { ...plan, phases, buffers }
}

/** Below so many rows for each part, the others would wait longer than they work. */
const fewestRows = 2

function splitCall({ constants }: Plan, call: Call, parts: number): readonly Call[] {
  const { kernel } = call
  if (!('columns' in kernel)) return [call]
  const hasRows = kernel.rows >= fewestRows * parts
  if ('tile' in kernel && kernel.vectors >= parts * kernel.tile.vectors) {
    const [weights, filters] = [call.arguments.weights!, call.arguments.filters!].map((address) =>
      address !== 'unused' && 'constant' in address ? constants[address.constant]!.length : 0,
    )
    if (!hasRows || weights! > kernel.rows * kernel.input.row) return byFilters(call, kernel, parts, weights!, filters!)
  }
  return hasRows ? byRows(call, kernel, parts) : [call]
}

/** Kernels that compute filters in panels. */
type OfFilters = Extract<Kernel, { readonly tile: unknown }>

/**
 * Whole panels for each part; the last one has what is left.
 * @param weights bytes of all weights, and `filters` of what else each filter has
 */
function byFilters(call: Call, kernel: OfFilters, parts: number, weights: number, filters: number): readonly Call[] {
  const { vectors, tile, tail } = kernel
  const panels = Math.ceil(vectors / tile.vectors)
  const most = Math.ceil(panels / parts) * tile.vectors
  const channels = kernel.kernel === 'lookup-convolution' ? 16 : 4
  // Of each of Winograd's 16 matrices.
  const matrices = kernel.kernel === 'winograd-convolution' ? 16 : 1
  const strides = {
    weights: weights / matrices / vectors,
    filters: filters / vectors,
    ...Object.fromEntries(channelBytes(tail).map((bytes, i) => [`buffer${i}`, channels * bytes])),
  }
  return times(Math.ceil(vectors / most), (part) => {
    const first = part * most
    return {
      ...call,
      kernel: { ...kernel, vectors: Math.min(most, vectors - first) },
      arguments: movedArguments(call, first, strides),
    }
  })
}

/** Kernels that write rows; what only prepares an input is soon done. */
type ByRows = Exclude<Kernel, { kernel: 'widen' | 'table-offsets' | 'border' }>

/** As many rows for each part; the last one overlaps the one before it where rows are no multiple: both write the same there. */
function byRows(call: Call, kernel: ByRows, parts: number): readonly Call[] {
  // Winograd's tiles are two rows high.
  const unit = kernel.kernel === 'winograd-convolution' ? 2 : 1
  const rows = unit * Math.ceil(kernel.rows / unit / parts)
  return times(parts, (part) => {
    const first = Math.min(part * rows, kernel.rows - rows)
    return { ...call, kernel: ofRows(kernel, first, rows), arguments: movedArguments(call, first, rowStrides(kernel)) }
  })
}

function ofRows(kernel: ByRows, first: number, rows: number): Kernel {
  if (kernel.kernel === 'max-pool') {
    const [above, left] = kernel.padding
    return { ...kernel, rows, padding: [above - first * kernel.stride[0], left] }
  }
  if (kernel.kernel === 'winograd-convolution') {
    return { ...kernel, rows, blockRows: Math.min(kernel.blockRows, tilesAlong(rows)) }
  }
  return { ...kernel, rows }
}

/** Bytes from a row to the next, by the names of the kernel's parameters. */
function rowStrides(kernel: ByRows): Readonly<Record<string, number>> {
  const buffers = 'tail' in kernel ? kernel.tail.buffers : []
  return {
    // A max-pool has to know where the image ends: its input stays where it is.
    input: kernel.kernel === 'max-pool' ? 0 : kernel.input.row,
    output: 'output' in kernel ? kernel.output.row : 4 * kernel.columns,
    windowSums: 4 * kernel.columns,
    ...Object.fromEntries(buffers.map(({ row }, i) => [`buffer${i}`, row])),
  }
}

/** A call's arguments moved to where the work of a row or a vector begins; what has no stride stays. */
function movedArguments(call: Call, first: number, strides: Readonly<Record<string, number>>): Record<string, Address> {
  return Object.fromEntries(
    Object.entries(call.arguments).map(([name, address]) => [name, moved(address, first * (strides[name] ?? 0))]),
  )
}

/** Parts that run at the same time need scratch memory of their own. */
function withScratch(call: Call, part: number, buffers: Map<string, { readonly bytes: number }>): Call {
  const { kernel } = call
  if (kernel.kernel !== 'winograd-convolution') return call
  const { transformed, products } = planeBytes(kernel)
  const scratch = `${call.node} part ${part}`.padEnd(limits.name + 1)
  buffers.set(scratch, { bytes: 16 * (transformed + products) })
  return { ...call, arguments: { ...call.arguments, scratch: { buffer: scratch, offset: 0 } } }
}
