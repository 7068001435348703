import type { CodeRange } from '../format/index.js'

/** clamp(roundHalfEven(x * f32(1 / scale)) + zeroPoint, minimum, maximum); NaN gives the minimum. */
export function quantize(x: number, { scale, zeroPoint, minimum, maximum }: CodeRange): number {
  const code = roundHalfEven(Math.fround(x * Math.fround(1 / scale))) + zeroPoint
  return code > minimum ? Math.min(code, maximum) : minimum
}

/** scale * (code - zeroPoint) in f32. */
export function dequantize(code: number, { scale, zeroPoint }: CodeRange): number {
  return Math.fround(scale * (code - zeroPoint))
}

function roundHalfEven(x: number): number {
  const floor = Math.floor(x)
  const fraction = x - floor
  if (fraction !== 0.5) return Math.round(x)
  return floor % 2 === 0 ? floor : floor + 1
}
