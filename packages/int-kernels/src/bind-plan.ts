import { type Compiled, compileKernel } from './compile-kernels.js'
import { type Placement, placeMemory } from './plan/place-memory.js'
import type { Address, Plan } from './plan/plan.js'

/** A plan in a memory of its own, its constants there, its kernels compiled for that memory. */
export interface BoundPlan {
  readonly memory: WebAssembly.Memory
  readonly placement: Placement
  readonly phases: readonly (readonly BoundCall[])[]
}

export interface BoundCall {
  readonly node: string
  readonly compiled: Compiled
  readonly addresses: readonly number[]
  run(): void
}

/** @param shared whether other threads are to see the memory */
export async function bindPlan(plan: Plan, shared = false): Promise<BoundPlan> {
  const placement = placeMemory(plan)
  const compiled = await Promise.all(
    plan.phases.map((calls) => Promise.all(calls.map(({ kernel }) => compileKernel(kernel, shared)))),
  )
  const pages = Math.ceil(placement.bytes / 65536)
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared })
  const bytes = new Uint8Array(memory.buffer)
  plan.constants.forEach((constant, i) => {
    bytes.set(constant, placement.constants[i])
  })
  const functionOf = instances(memory)
  const phases = plan.phases.map((calls, i) =>
    calls.map((call, j) => {
      const kernel = compiled[i]![j]!
      const addresses = kernel.parameters.map((name) => addressOf(call.arguments[name]!, placement))
      return { node: call.node, compiled: kernel, addresses, run: functionOf(kernel).bind(undefined, ...addresses) }
    }),
  )
  return { memory, placement, phases }
}

/** Functions of compiled kernels on a memory, each instantiated once. */
function instances(memory: WebAssembly.Memory): (kernel: Compiled) => (...addresses: number[]) => void {
  const known = new Map<Compiled, (...addresses: number[]) => void>()
  return (kernel) => {
    const made =
      known.get(kernel) ??
      (new WebAssembly.Instance(kernel.module, { env: { memory } }).exports[kernel.name] as (
        ...addresses: number[]
      ) => void)
    known.set(kernel, made)
    return made
  }
}

function addressOf(address: Address, { constants, buffers }: Placement): number {
  if (address === 'unused') return 0
  return address.offset + ('constant' in address ? constants[address.constant]! : buffers.get(address.buffer)!)
}
