import type { Kernel } from '../kernels/kernel.js'
import type { Layout } from './layout.js'

/** A network as calls of kernels: no addresses yet, nothing compiled. */
export interface Plan {
  /** One after the other; the calls of a phase may be made at the same time. */
  readonly phases: readonly (readonly Call[])[]
  /** What calls read besides buffers: weights, biases, numbers of tails. */
  readonly constants: readonly Uint8Array[]
  readonly buffers: ReadonlyMap<string, { readonly bytes: number }>
  /** Of integer layers, by name: what the size of no sum, nor of any part of it, exceeds. */
  readonly largestSums: ReadonlyMap<string, number>
  readonly input: { readonly buffer: string; readonly layout: Layout }
  readonly output: { readonly buffer: string; readonly layout: Layout }
}

export interface Call {
  /** The node that the work is for. */
  readonly node: string
  readonly kernel: Kernel
  /** By the names of the kernel's parameters. */
  readonly arguments: Readonly<Record<string, Address>>
}

export type Address =
  | { readonly constant: number; readonly offset: number }
  | { readonly buffer: string; readonly offset: number }
  | 'unused'

/** The address so many bytes further on. */
export function moved(address: Address, bytes: number): Address {
  return address === 'unused' ? address : { ...address, offset: address.offset + bytes }
}
