import type { BoundPlan } from '../bind-plan.js'
import { times } from '../kernels/times.js'
import { type HelperWork, helperThread } from './helper-thread.js'
import { meet } from './meet.js'

/** Threads that run the phases of a plan together. */
export interface Crew {
  /** Runs all phases once; the calling thread does its part and comes back when all are done. */
  run(): void
  /** Ends the other threads. */
  close(): void
}

/** What this package needs of a worker, of a browser's or of Node's. */
interface Helper {
  addEventListener(event: 'error' | 'message', listener: (value: unknown) => void): void
  postMessage(message: HelperWork): void
  terminate(): void
  unref?(): void
}

/**
 * Starts threads - 1 helpers for a plan that is split into as many parts and bound to a shared memory.
 * @throws what the engine throws where it does not let a worker begin
 */
export async function startCrew({ memory, module, phases }: BoundPlan, threads: number): Promise<Crew> {
  const meeting = new SharedArrayBuffer(8)
  const counters = new Int32Array(meeting)
  const work = (thread: number): HelperWork => ({
    memory,
    meeting,
    threads,
    module,
    phases: phases.map((calls) => {
      const call = calls[thread]
      return call && { name: call.name, addresses: call.addresses }
    }),
  })
  const helpers = await Promise.all(times(threads - 1, (i) => startHelper(work(i + 1))))
  const own = phases.map(([call]) => call!.run)
  const sleeps = maySleep(counters)
  let arrivals = 0
  return {
    run() {
      Atomics.add(counters, 0, 1)
      Atomics.notify(counters, 0)
      for (const call of own) {
        call()
        arrivals = (arrivals + threads) | 0
        meet(counters, arrivals, sleeps)
      }
    },
    close() {
      for (const helper of helpers) helper.terminate()
    },
  }
}

// Not by `require`: Node evaluates it as a module where it was itself told to by --input-type.
const source = `(${helperThread})(globalThis.process?.getBuiltinModule?.('node:worker_threads').parentPort ?? self, ${meet})`

/** A page's own thread may not wait. */
function maySleep(counters: Int32Array): boolean {
  try {
    Atomics.wait(counters, 1, 0, 0)
    return true
  } catch {
    return false
  }
}

/** Resolves when the helper waits for its first run. */
function startHelper(work: HelperWork): Promise<Helper> {
  const helper = newHelper()
  return new Promise((resolve, reject) => {
    helper.addEventListener('error', reject)
    helper.addEventListener('message', () => {
      // In Node, a network that is no longer used must not keep the process alive.
      helper.unref?.()
      resolve(helper)
    })
    helper.postMessage(work)
  })
}

function newHelper(): Helper {
  const { process } = globalThis as { readonly process?: NodeProcess }
  const node = process?.getBuiltinModule?.('node:worker_threads')
  if (!node) return new Worker(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })))
  const worker = new node.Worker(source, { eval: true })
  return Object.assign(worker, { addEventListener: worker.once })
}

/** What this package needs of Node. */
interface NodeProcess {
  getBuiltinModule?(name: 'node:worker_threads'): NodeThreads
}

interface NodeThreads {
  readonly Worker: new (source: string, options: { readonly eval: true }) => NodeHelper
}

interface NodeHelper extends Omit<Helper, 'addEventListener'> {
  once(event: 'error' | 'message', listener: (value: unknown) => void): void
}
