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
  | { readonly kernel: 'direct-convolution'; readonly arithmetic: ArithmeticName; readonly burst: number }

/** The fastest kernel that gives the exact sums of a convolution on an engine. */
export function chooseConvolution(facts: ConvolutionFacts, engine: Engine): ConvolutionChoice {
  if (facts.groups === facts.channels && facts.filters === facts.channels) return { kernel: 'depthwise-convolution' }
  return { kernel: 'direct-convolution', ...chooseArithmetic(facts, engine) }
}

function chooseArithmetic(
  { largestCode, smallestWeight, largestWeight }: ConvolutionFacts,
  engine: Engine,
): { arithmetic: ArithmeticName; burst: number } {
  const byteWeights = smallestWeight >= -128 && largestWeight <= 127
  if (!engine.relaxedDot || !byteWeights) return { arithmetic: 'wide', burst: 0 }
  if (engine.unsignedDotAdd) return { arithmetic: 'dot-add', burst: 0 }
  if (largestCode > 127) return { arithmetic: 'wide', burst: 0 }
  // A lane of i16 takes two products a step, which always fit.
  const largestProduct = Math.max(1, largestCode * Math.max(-smallestWeight, largestWeight))
  return { arithmetic: 'dot', burst: Math.floor(32767 / (2 * largestProduct)) }
}
