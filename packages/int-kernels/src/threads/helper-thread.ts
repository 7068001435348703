import type { meet as meetThreads } from './meet.js'

/** What a helper is sent: the kernels that it calls in each phase, and where all threads meet. */
export interface HelperWork {
  readonly memory: WebAssembly.Memory
  readonly meeting: SharedArrayBuffer
  readonly threads: number
  readonly module: WebAssembly.Module
  /** Undefined where the phase has no part for this helper. */
  readonly phases: readonly ({ readonly name: string; readonly addresses: readonly number[] } | undefined)[]
}

/** The other side of a helper, as a worker of a browser or of Node has it. */
interface Port {
  onmessage: ((event: { readonly data: HelperWork }) => void) | null
  postMessage(message: string): void
}

/**
 * What runs in a helper. It is sent to it as text, so that no file has to be found: it may use nothing from outside.
 *
 * Places in the meeting: 0 counts runs, 1 counts arrivals at the end of a phase.
 */
export function helperThread(port: Port, meet: typeof meetThreads): void {
  port.onmessage = ({ data: { memory, meeting, threads, module, phases } }) => {
    const counters = new Int32Array(meeting)
    const { exports } = new WebAssembly.Instance(module, { env: { memory } })
    const calls = phases.map(
      (call) => call && (exports[call.name] as (...addresses: number[]) => void).bind(undefined, ...call.addresses),
    )
    port.postMessage('ready')
    let runs = 0
    let arrivals = 0
    for (;;) {
      // A run is likely to come soon after another: it is worth looking out for before sleeping.
      for (let spins = 0; spins < 20_000 && Atomics.load(counters, 0) === runs; spins++);
      Atomics.wait(counters, 0, runs)
      if (Atomics.load(counters, 0) === runs) continue
      runs = (runs + 1) | 0
      for (const call of calls) {
        if (call) call()
        arrivals = (arrivals + threads) | 0
        meet(counters, arrivals, true)
      }
    }
  }
}
