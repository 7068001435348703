import { f32x4, type V128, v128 } from '@lowbit/wasm-emit'
import { inside } from '../elementwise/interval-kernels.js'
import type { PixelScalar, PixelVector, Summation } from './channel-totals.js'

const { fround } = Math

/** x */
export const sumOf: Summation = {
  name: 'sum',
  width: 4,
  totals: 1,
  vector: ({ read }) => [read('x')],
  scalar: ({ read }) => [read('x')],
}

/** x - center and its square */
export const momentsOf: Summation = {
  name: 'moments',
  width: 4,
  totals: 2,
  vector({ read, local }, center) {
    const difference = local(f32x4.sub(read('x'), center()))
    return [difference, f32x4.mul(difference, difference)]
  },
  scalar({ read }, center) {
    const difference = fround(read('x') - center)
    return [difference, difference * difference]
  },
}

/** dy and dy * (x - center) */
export const gradientOf: Summation = {
  name: 'gradient',
  width: 4,
  totals: 2,
  vector({ read, local }, center) {
    const dy = local(read('dy'))
    return [dy, f32x4.mul(dy, f32x4.sub(read('x'), center()))]
  },
  scalar: ({ read }, center) => [read('dy'), read('dy') * fround(read('x') - center)],
}

/**
 * dx, which is also written: dy * inverseScale where minimum <= x * inverseScale <= maximum, elsewhere 0. That is the gradient of a
 * clamp or a quantization, with what the bias of the layer before it will ask for.
 */
export const gateOf: Summation = {
  name: 'gate',
  width: 4,
  totals: 1,
  vector: (pixel, _, constants) => [gated(pixel, pixel.local(pixel.read('x')), constants)],
  scalar: (pixel, _, constants) => [gatedScalar(pixel, constants)],
}

/** The same, and dx * (x - center), which the batch norm that gave x will ask for. */
export const normalizedGateOf: Summation = {
  name: 'normalizedGate',
  width: 2,
  totals: 2,
  vector(pixel, center, constants) {
    const x = pixel.local(pixel.read('x'))
    const dx = gated(pixel, x, constants)
    return [dx, f32x4.mul(dx, f32x4.sub(x, center()))]
  },
  scalar(pixel, center, constants) {
    const dx = gatedScalar(pixel, constants)
    return [dx, dx * fround(pixel.read('x') - center)]
  },
}

function gated({ read, write, local }: PixelVector, x: V128, [inverseScale, minimum, maximum]: readonly V128[]): V128 {
  const passes = inside(local(f32x4.mul(x, inverseScale!)), minimum!, maximum!)
  const dx = local(v128.and(f32x4.mul(read('dy'), inverseScale!), passes))
  write('dx', dx)
  return dx
}

function gatedScalar({ read, write }: PixelScalar, constants: readonly number[]): number {
  const [inverseScale, minimum, maximum] = constants.map(fround) as [number, number, number]
  const scaled = fround(read('x') * inverseScale)
  const dx = scaled >= minimum && scaled <= maximum ? fround(read('dy') * inverseScale) : 0
  write('dx', dx)
  return dx
}
