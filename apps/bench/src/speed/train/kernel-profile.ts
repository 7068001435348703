import * as tf from '@tensorflow/tfjs'

/** What one of tfjs's kernels cost in a step, without the kernels that it called itself. */
export interface KernelTime {
  readonly kernel: string
  /** A step. */
  readonly calls: number
  /** A step. */
  readonly ms: number
  /** Of the step's time. */
  readonly share: number
}

/** What is spent outside of kernels: tape, shapes, tensors, JavaScript. */
export const BETWEEN_KERNELS = '(between kernels)'

/**
 * Times every kernel of a backend while `run` does `steps` steps; dearest first. A kernel that calls others stands for
 * its own part only, so that all rows together are the whole time. Watching costs about a microsecond a call.
 */
export async function profileKernels(
  backendName: string,
  steps: number,
  run: () => Promise<unknown>,
): Promise<KernelTime[]> {
  const spent = new Map<string, { calls: number; ms: number }>()
  const inner: number[] = []
  const watch = (name: string, kernel: tf.KernelFunc): tf.KernelFunc => {
    return (call) => {
      const began = performance.now()
      inner.push(0)
      try {
        return kernel(call)
      } finally {
        const whole = performance.now() - began
        const own = whole - inner.pop()!
        if (inner.length > 0) inner[inner.length - 1]! += whole
        const { calls, ms } = spent.get(name) ?? { calls: 0, ms: 0 }
        spent.set(name, { calls: calls + 1, ms: ms + own })
      }
    }
  }
  const before = tf.getKernelsForBackend(backendName)
  for (const kernel of before) replace({ ...kernel, kernelFunc: watch(kernel.kernelName, kernel.kernelFunc) })
  const began = performance.now()
  try {
    await run()
  } finally {
    for (const kernel of before) replace(kernel)
  }
  const whole = performance.now() - began
  const inKernels = [...spent.values()].reduce((sum, { ms }) => sum + ms, 0)
  const rows = [...spent, [BETWEEN_KERNELS, { calls: 0, ms: whole - inKernels }] as const]
  return rows
    .map(([kernel, { calls, ms }]) => ({ kernel, calls: calls / steps, ms: ms / steps, share: ms / whole }))
    .sort((a, b) => b.ms - a.ms)
}

function replace(kernel: tf.KernelConfig): void {
  tf.unregisterKernel(kernel.kernelName, kernel.backendName)
  tf.registerKernel(kernel)
}
