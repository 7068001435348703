import { type Compiled, compileKernel } from './compile-kernels.js'
import { type Placement, placeMemory } from './plan/place-memory.js'
import type { Address, Call, Plan } from './plan/plan.js'

/** A plan in a memory of its own, its constants there, its kernels bound to their addresses. */
export interface BoundPlan {
  readonly memory: WebAssembly.Memory
  readonly placement: Placement
  readonly calls: readonly BoundCall[]
}

export interface BoundCall {
  readonly node: string
  run(): void
}

export async function bindPlan(plan: Plan): Promise<BoundPlan> {
  const placement = placeMemory(plan)
  const kernels = await Promise.all(plan.calls.map(({ kernel }) => compileKernel(kernel)))
  const pages = Math.ceil(placement.bytes / 65536)
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages })
  plan.constants.forEach((constant, i) => {
    new Uint8Array(memory.buffer).set(constant, placement.constants[i])
  })
  return { memory, placement, calls: bindCalls(plan.calls, kernels, placement, memory) }
}

function bindCalls(
  calls: readonly Call[],
  kernels: readonly Compiled[],
  placement: Placement,
  memory: WebAssembly.Memory,
): BoundCall[] {
  const instances = new Map<Compiled, (...addresses: number[]) => void>()
  const functionOf = (kernel: Compiled) => {
    const known = instances.get(kernel)
    if (known) return known
    const { exports } = new WebAssembly.Instance(kernel.module, { env: { memory } })
    const made = exports[kernel.name] as (...addresses: number[]) => void
    instances.set(kernel, made)
    return made
  }
  return calls.map((call, i) => {
    const kernel = kernels[i]!
    const addresses = kernel.parameters.map((name) => addressOf(call.arguments[name]!, placement))
    return { node: call.node, run: functionOf(kernel).bind(undefined, ...addresses) }
  })
}

function addressOf(address: Address, { constants, buffers }: Placement): number {
  if (address === 'unused') return 0
  return address.offset + ('constant' in address ? constants[address.constant]! : buffers.get(address.buffer)!)
}
