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
  readonly weights: Extremes
  /** Of a 3x3 convolution, of its weights transformed for Winograd; they take time to find. */
  readonly transformedWeights: Extremes
  /** No sum, with its bias, is larger in size. */
  readonly largestSum: number
}

export interface Extremes {
  readonly smallest: number
  readonly largest: number
}

export type ConvolutionChoice =
  | { readonly kernel: 'depthwise-convolution' }
  | { readonly kernel: 'lookup-convolution' }
  | { readonly kernel: 'winograd-convolution'; readonly arithmetic: ArithmeticName }
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
  const { groups, channels, filters, size, largestCode, weights } = facts
  const isDepthwise = groups === channels && filters === channels
  if (isDepthwise && size[0] * size[1] <= mostDepthwiseTaps) return { kernel: 'depthwise-convolution' }
  const winograd = winogradArithmetic(facts, engine)
  if (winograd) return { kernel: 'winograd-convolution', arithmetic: winograd }

  if (canLookUp(facts)) return { kernel: 'lookup-convolution' }
  const kernel = 'direct-convolution'
  if (engine.unsignedDotAdd && (fitBytes(weights) || groups === 1)) {
    return { kernel, arithmetic: 'dot-add', burst: 0, windowSums: !fitBytes(weights) }
  }
  if (engine.relaxedDot && fitBytes(weights) && largestCode <= 127) {
    return { kernel, arithmetic: 'dot', burst: burstOf(largestCode, weights), windowSums: false }
  }
  return { kernel, arithmetic: 'wide', burst: 0, windowSums: false }
}

/** The taps of a depthwise convolution are written out. */
const mostDepthwiseTaps = 128

/** Steps of two products a lane that i16 holds: always at least one, as codes are up to 127 and weights bytes. */
export function burstOf(largestCode: number, { smallest, largest }: Extremes): number {
  return Math.floor(32767 / (2 * Math.max(1, largestCode * Math.max(-smallest, largest))))
}

/** Whether Winograd can be had and is worth its transforms, and how it multiplies. */
function winogradArithmetic(facts: ConvolutionFacts, engine: Engine): ArithmeticName | undefined {
  const { groups, channels, filters, size, stride, rows, columns, largestCode } = facts
  const fits = groups === 1 && [...size, ...stride].join() === '3,3,1,1' && rows >= 2 && columns >= 2
  // It computes 4 times the sums in 32 bits.
  if (!fits || 4 * facts.largestSum > 0x7fff_ffff || channels < 16 || filters < 16) return undefined
  // Transformed codes are 0..4 times the largest.
  if (engine.unsignedDotAdd) {
    return 4 * largestCode <= 255 && fitBytes(facts.transformedWeights) ? 'dot-add' : undefined
  }
  const dot = engine.relaxedDot && 4 * largestCode <= 127 && fitBytes(facts.transformedWeights)
  return dot && burstOf(4 * largestCode, facts.transformedWeights) >= 2 ? 'dot' : 'wide'
}

const fitBytes = ({ smallest, largest }: Extremes): boolean => smallest >= -128 && largest <= 127

/** Pairs of codes and of weights have 16 values each, and sums of their entries, up to 18 a pair, stay within u16. */
function canLookUp({ channels, filters, groups, size, largestCode, weights }: ConvolutionFacts): boolean {
  const pairs = (size[0] * size[1] * 4 * Math.ceil(channels / 4)) / 2
  return (
    groups === 1 &&
    filters % 16 === 0 &&
    largestCode <= 3 &&
    weights.largest - weights.smallest <= 3 &&
    18 * pairs <= 0xffff
  )
}
