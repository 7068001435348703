import { limits } from '../format/limits.js'
import type { Kernel } from '../kernels/kernel.js'
import { planeBytes, tilesAlong } from '../kernels/winograd-blocks.js'
import { type Address, type Call, moved, type Plan } from './plan.js'

/**
 * The same plan with its phases divided into up to `parts` calls that may run at the same time, by rows of what they write. The
 * last part overlaps the one before it where rows are no multiple: both write the same there.
 */
export function splitPlan(plan: Plan, parts: number): Plan {
  if (parts === 1) return plan
  const buffers = new Map(plan.buffers)
  const phases = plan.phases.map((calls) => calls.flatMap((call) => splitCall(call, parts, buffers)))
  return { ...plan, phases, buffers }
}

/** Below so many rows for each part, the others would wait longer than they work. */
const fewestRows = 2

/** Kernels that write rows; what only prepares an input is soon done. */
type ByRows = Exclude<Kernel, { kernel: 'widen' | 'table-offsets' | 'border' }>

function splitCall(call: Call, parts: number, buffers: Map<string, { readonly bytes: number }>): readonly Call[] {
  const { kernel } = call
  if (!('columns' in kernel) || kernel.rows < fewestRows * parts) return [call]
  // Winograd's tiles are two rows high.
  const unit = kernel.kernel === 'winograd-convolution' ? 2 : 1
  const rows = unit * Math.ceil(kernel.rows / unit / parts)
  return Array.from({ length: parts }, (_, part) => {
    const first = Math.min(part * rows, kernel.rows - rows)
    const given = movedRows(call, kernel, first)
    if (kernel.kernel === 'max-pool') {
      const [above, left] = kernel.padding
      return {
        ...call,
        kernel: { ...kernel, rows, padding: [above - first * kernel.stride[0], left] },
        arguments: given,
      }
    }
    if (kernel.kernel !== 'winograd-convolution') return { ...call, kernel: { ...kernel, rows }, arguments: given }
    // Parts that run at the same time need scratch memory of their own.
    const smaller = { ...kernel, rows, blockRows: Math.min(kernel.blockRows, tilesAlong(rows)) }
    const { transformed, products } = planeBytes(smaller)
    const scratch = `${call.node} part ${part}`.padEnd(limits.name + 1)
    buffers.set(scratch, { bytes: 16 * (transformed + products) })
    return { ...call, kernel: smaller, arguments: { ...given, scratch: { buffer: scratch, offset: 0 } } }
  })
}

/** A call's arguments moved to where the work of a row begins. */
function movedRows({ arguments: given }: Call, kernel: ByRows, first: number): Record<string, Address> {
  const buffers = 'tail' in kernel ? kernel.tail.buffers : []
  const strides: Record<string, number> = {
    // A max-pool has to know where the image ends: its input stays where it is.
    input: kernel.kernel === 'max-pool' ? 0 : kernel.input.row,
    output: 'output' in kernel ? kernel.output.row : 4 * kernel.columns,
    windowSums: 4 * kernel.columns,
    ...Object.fromEntries(buffers.map(({ row }, i) => [`buffer${i}`, row])),
  }
  return Object.fromEntries(
    Object.entries(given).map(([name, address]) => [name, moved(address, first * (strides[name] ?? 0))]),
  )
}
