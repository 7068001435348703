import type { Kernel } from '../kernels/kernel.js'
import type { Tail } from '../kernels/tail.js'
import { planeBytes, tilesAlong, type WinogradConvolution } from '../kernels/winograd-convolution.js'
import { type Address, type Call, moved, type Plan } from './plan.js'

/**
 * The same plan with its phases divided into up to `parts` calls that may run at the same time, by rows of what they write. The
 * last part overlaps the one before it where rows are no multiple: both write the same there.
 */
export function splitPlan(plan: Plan, parts: number): Plan {
  if (parts === 1) return plan
  const buffers = new Map(plan.buffers)
  const phases = plan.phases.map((calls) =>
    calls.flatMap((call) => {
      const split = splitCall(call, parts)
      return split.map((part, i) =>
        part.kernel.kernel === 'winograd-convolution' ? withScratch(part, i, buffers) : part,
      )
    }),
  )
  return { ...plan, phases, buffers }
}

/** Below so many rows for each part, the others would wait longer than they work. */
const fewestRows = 2

function splitCall(call: Call, parts: number): readonly Call[] {
  const { kernel } = call
  if (kernel.kernel === 'widen' || kernel.kernel === 'table-offsets') return splitBytes(call, kernel, parts)
  if (kernel.kernel === 'border' || kernel.rows < fewestRows * parts) return [call]
  // Winograd's tiles are two rows high.
  const unit = kernel.kernel === 'winograd-convolution' ? 2 : 1
  const rows = unit * Math.ceil(kernel.rows / unit / parts)
  return Array.from({ length: parts }, (_, part) => {
    const first = Math.min(part * rows, kernel.rows - rows)
    return { ...call, kernel: withRows(kernel, first, rows), arguments: movedRows(call, kernel, first) }
  })
}

type Rows = Exclude<Kernel, { kernel: 'widen' | 'table-offsets' | 'border' }>

function withRows(kernel: Rows, first: number, rows: number): Kernel {
  if (kernel.kernel === 'winograd-convolution') {
    return { ...kernel, rows, blockRows: Math.min(kernel.blockRows, tilesAlong(rows)) }
  }
  if (kernel.kernel === 'max-pool') {
    // Its input stays where it is: it has to know where the image ends.
    const [above, left] = kernel.padding
    return { ...kernel, rows, padding: [above - first * kernel.stride[0], left] }
  }
  return { ...kernel, rows }
}

/** Arguments moved to where a row's work begins. */
function movedRows({ arguments: given }: Call, kernel: Rows, first: number): Record<string, Address> {
  const strides = { ...rowStrides(kernel), ...('tail' in kernel ? tailStrides(kernel.tail) : {}) }
  return Object.fromEntries(
    Object.entries(given).map(([name, address]) => [name, moved(address, first * (strides[name] ?? 0))]),
  )
}

const tailStrides = ({ buffers }: Tail): Record<string, number> =>
  Object.fromEntries(buffers.map(({ row }, i) => [`buffer${i}`, row]))

/** By what each row moves a kernel's parameters, the buffers of its tail apart. */
function rowStrides(kernel: Rows): Record<string, number> {
  switch (kernel.kernel) {
    case 'direct-convolution':
      return { input: kernel.input.row, windowSums: 4 * kernel.columns }
    case 'window-sums':
      return { input: kernel.input.row, output: 4 * kernel.columns }
    case 'pad-channels':
      return { input: kernel.input.row, output: kernel.output.row }
    case 'max-pool':
      return { output: kernel.output.row }
    case 'lookup-convolution':
    case 'winograd-convolution':
    case 'float-convolution':
    case 'elementwise':
    case 'average-pool':
    case 'depthwise-convolution':
      return { input: kernel.input.row }
  }
}

function splitBytes(
  call: Call,
  kernel: Extract<Kernel, { kernel: 'widen' | 'table-offsets' }>,
  parts: number,
): readonly Call[] {
  const bytes = 16 * Math.ceil(kernel.bytes / 16 / parts)
  const grown = kernel.kernel === 'widen' ? 2 : 1
  return Array.from({ length: parts }, (_, part) => {
    const first = Math.min(part * bytes, kernel.bytes - bytes)
    const { input, output } = call.arguments
    return {
      ...call,
      kernel: { ...kernel, bytes },
      arguments: { input: moved(input!, first), output: moved(output!, grown * first) },
    }
  })
}

/** Parts that run at the same time need scratch memory of their own. */
function withScratch(call: Call, part: number, buffers: Map<string, { readonly bytes: number }>): Call {
  const { scratch } = call.arguments
  if (scratch === undefined || scratch === 'unused' || !('buffer' in scratch)) return call
  const { transformed, products } = planeBytes(call.kernel as WinogradConvolution)
  const buffer = `${scratch.buffer} ${part}`
  buffers.set(buffer, { bytes: 16 * (transformed + products) })
  return { ...call, arguments: { ...call.arguments, scratch: { buffer, offset: 0 } } }
}
