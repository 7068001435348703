import type { Engine } from '../engine.js'
import type { ArithmeticName } from './arithmetic.js'

/** What the choice of a convolution's kernel depends on. */
export interface ConvolutionFacts {
  readonly channels: number
  readonly filters: number
  readonly groups: number
  readonly size: readonly [number, number]
  readonly stride: readonly [number, number]
  /** Of the output. */
  readonly rows: number
  readonly columns: number
  /** Codes are stored less the smallest, so they are 0..largestCode. */
  readonly largestCode: number
  /** Of the weights less their zero points. */
  readonly smallestWeight: number
  readonly largestWeight: number
}

export type ConvolutionChoice =
  | { readonly kernel: 'depthwise-convolution' }
  | {
      readonly kernel: 'direct-convolution'
      readonly arithmetic: ArithmeticName
      /** Steps that a sum holds before it is widened; 0 where it never has to be. */
      readonly burst: number
      /** The weights are shifted into bytes, which sums of codes make up for. */
      readonly windowSums: boolean
    }

/** The fastest kernel that gives the exact sums of a convolution on an engine. */
export function chooseConvolution(facts: ConvolutionFacts, engine: Engine): ConvolutionChoice {
  const { groups, channels, filters, largestCode, smallestWeight, largestWeight } = facts
  const kernel = 'direct-convolution'
  const byteWeights = smallestWeight >= -128 && largestWeight <= 127
  if (groups === channels && filters === channels) return { kernel: 'depthwise-convolution' }
  if (engine.unsignedDotAdd && (byteWeights || groups === 1)) {
    return { kernel, arithmetic: 'dot-add', burst: 0, windowSums: !byteWeights }
  }
  if (engine.relaxedDot && byteWeights && largestCode <= 127) {
    // A lane of i16 takes two products a step, which always fit.
    const largestProduct = Math.max(1, largestCode * Math.max(-smallestWeight, largestWeight))
    return { kernel, arithmetic: 'dot', burst: Math.floor(32767 / (2 * largestProduct)), windowSums: false }
  }
  return { kernel, arithmetic: 'wide', burst: 0, windowSums: false }
}
