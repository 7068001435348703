import { compileKernels } from './compile-kernels.js'
import { type Placement, placeMemory } from './plan/place-memory.js'
import type { Address, Plan } from './plan/plan.js'

/** A plan in a memory of its own, its constants there, its kernels compiled for that memory. */
export interface BoundPlan {
  readonly memory: WebAssembly.Memory
  readonly module: WebAssembly.Module
  readonly placement: Placement
  readonly phases: readonly (readonly BoundCall[])[]
}

export interface BoundCall {
  readonly node: string
  /** Of the function in the module. */
  readonly name: string
  readonly addresses: readonly number[]
  run(): void
}

/** @param shared whether other threads are to see the memory */
export async function bindPlan(plan: Plan, shared = false): Promise<BoundPlan> {
  const placement = placeMemory(plan)
  const { module, functions } = await compileKernels(
    plan.phases.flat().map(({ kernel }) => kernel),
    shared,
  )
  const pages = Math.ceil(placement.bytes / 65536)
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared })
  const bytes = new Uint8Array(memory.buffer)
  plan.constants.forEach((constant, i) => {
    bytes.set(constant, placement.constants[i])
  })
  const { exports } = new WebAssembly.Instance(module, { env: { memory } })
  let next = 0
  const phases = plan.phases.map((calls) =>
    calls.map((call) => {
      const { name, parameters } = functions[next++]!
      const addresses = Object.keys(parameters).map((parameter) => addressOf(call.arguments[parameter]!, placement))
      const run = (exports[name] as (...addresses: number[]) => void).bind(undefined, ...addresses)
      return { node: call.node, name, addresses, run }
    }),
  )
  return { memory, module, placement, phases }
}

function addressOf(address: Address, { constants, buffers }: Placement): number {
  if (address === 'unused') return 0
  return address.offset + ('constant' in address ? constants[address.constant]! : buffers.get(address.buffer)!)
}
