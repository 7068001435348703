import { QuantizerError } from './quantizer-error.js'

/** What a quantizer may do, before anything is known of the data. Plain data, JSON-safe. */
export interface Scheme {
  /** Number of codes, 3..256. */
  readonly levels: number
  /** The zero point is the middle code; otherwise it is any code, and estimators choose it. */
  readonly symmetric: boolean
  /** One level less where their number is even, so that a symmetric range reaches as far down as up. */
  readonly narrow: boolean
  /** One scale and zero point for each index along this axis of the shape; negative counts from the last axis. */
  readonly axis?: number
}

/** A scheme with one scale and zero point for all values. */
export interface TensorScheme extends Scheme {
  readonly axis?: never
}

/** A scheme with a scale and zero point for each channel. */
export interface ChannelScheme extends Scheme {
  readonly axis: number
}

/** How fine: bits (2..8, `levels = 2^bits`) or any number of levels (3..256), not both. */
export type Precision =
  | { readonly bits: number; readonly levels?: undefined }
  | { readonly levels: number; readonly bits?: undefined }

/**
 * Zero point anywhere in 0..levels-1: for activations (non-negative data get zero point 0) and for weights.
 * @throws QuantizerError BITS, LEVELS or AXIS
 */
export function affine(options: Precision & { readonly axis?: undefined }): TensorScheme
export function affine(options: Precision & { readonly axis: number }): ChannelScheme
export function affine(options: Precision & { readonly axis?: number | undefined }): Scheme
export function affine(options: Precision & { readonly axis?: number | undefined }): Scheme {
  const scheme = { levels: levelsOf('affine', options), symmetric: false, narrow: false }
  return withAxis('affine', scheme, options.axis)
}

/**
 * Zero point in the middle, at code `floor(levels / 2)`: for weights whose integer product should need no zero-point
 * correction. 8 bits hold -128..127, or -127..127 where `narrow`.
 * @throws QuantizerError BITS, LEVELS or AXIS
 */
export function symmetric(options: Precision & { readonly narrow?: boolean; readonly axis?: undefined }): TensorScheme
export function symmetric(options: Precision & { readonly narrow?: boolean; readonly axis: number }): ChannelScheme
export function symmetric(
  options: Precision & { readonly narrow?: boolean; readonly axis?: number | undefined },
): Scheme
export function symmetric(
  options: Precision & { readonly narrow?: boolean; readonly axis?: number | undefined },
): Scheme {
  const { narrow = false, axis } = options
  return withAxis('symmetric', { levels: levelsOf('symmetric', options), symmetric: true, narrow }, axis)
}

/** The scheme itself, where it is one; for data from outside. */
export function validateScheme(scheme: Scheme): Scheme {
  levelsOf('validateScheme', { levels: scheme.levels })
  if (typeof scheme.symmetric !== 'boolean' || typeof scheme.narrow !== 'boolean') {
    throw new QuantizerError(
      'OPTION',
      `validateScheme(): symmetric is ${scheme.symmetric} and narrow is ${scheme.narrow}, expected booleans`,
    )
  }
  return withAxis('validateScheme', scheme, scheme.axis)
}

/** How many codes a range of this scheme has: one less than `levels` where the scheme is narrow and `levels` even. */
export function usableLevels({ levels, narrow }: Scheme): number {
  return narrow && levels % 2 === 0 ? levels - 1 : levels
}

/** The zero point of a symmetric scheme: the middle code, the upper one of two. */
export function middleCode(levels: number): number {
  return Math.floor(levels / 2)
}

/** The number of levels that `bits` or `levels` ask for. */
export function levelsOf(
  caller: string,
  { bits, levels }: { readonly bits?: number | undefined; readonly levels?: number | undefined },
): number {
  if ((bits === undefined) === (levels === undefined)) {
    throw new QuantizerError(
      'BITS',
      `${caller}(): ${bits === undefined ? 'neither bits nor levels is' : 'both bits and levels are'} given, expected one of them`,
    )
  }
  if (levels !== undefined) {
    if (!Number.isInteger(levels) || levels < 3 || levels > 256) {
      throw new QuantizerError('LEVELS', `${caller}(): levels is ${levels}, expected an integer from 3 to 256`)
    }
    return levels
  }
  if (!Number.isInteger(bits) || bits! < 2 || bits! > 8) {
    throw new QuantizerError('BITS', `${caller}(): bits is ${bits}, expected an integer from 2 to 8`)
  }
  return 2 ** bits!
}

function withAxis(caller: string, scheme: Scheme, axis: number | undefined): Scheme {
  if (axis === undefined) return scheme
  if (!Number.isInteger(axis)) throw new QuantizerError('AXIS', `${caller}(): axis is ${axis}, expected an integer`)
  return { ...scheme, axis }
}
