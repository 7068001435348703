import { largestScale, smallestScale } from './arithmetic.js'
import type { QuantizationRange } from './range.js'
import { middleCode, type Scheme, usableLevels } from './scheme.js'

/**
 * The range that covers `minimum..maximum` and zero: nothing in it is further than half a step from its code's value.
 * Affine: `scale = (maximum - minimum) / (levels - 1)`, `zeroPoint = round(-minimum / scale)`. Symmetric: the smallest
 * scale for which neither end is clipped. Where both are zero, scale 1 and the zero point that the scheme gives.
 */
export function coveringRange(minimum: number, maximum: number, scheme: Scheme): QuantizationRange {
  const levels = usableLevels(scheme)
  const low = Math.min(minimum, 0)
  const high = Math.max(maximum, 0)
  if (scheme.symmetric) {
    const zeroPoint = middleCode(levels)
    return { scale: usableScale(Math.max(-low / zeroPoint, high / (levels - 1 - zeroPoint))), zeroPoint, levels }
  }
  const scale = usableScale((high - low) / (levels - 1))
  return { scale, zeroPoint: Math.min(Math.round(-low / scale) + 0, levels - 1), levels }
}

/** The nearest f32 scale that ranges may have; 1 for 0. */
export function usableScale(scale: number): number {
  return scale === 0 ? 1 : Math.fround(Math.min(Math.max(scale, smallestScale), largestScale))
}
