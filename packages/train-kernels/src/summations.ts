import { f32x4, v128 } from '@lowbit/wasm-emit'
import type { Summation } from './channel-totals.js'
import { inside } from './interval-kernels.js'

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
 * dx and dx * (x - center), where dx, which is also written, is dy * inverseScale where minimum <= x * inverseScale <= maximum and
 * elsewhere 0: the gradient of a clamp or a quantization, with what the batch norm before it will ask for.
 */
export const gateOf: Summation = {
  name: 'gate',
  width: 2,
  totals: 2,
  vector({ read, write, local }, center, [inverseScale, minimum, maximum]) {
    const x = local(read('x'))
    const passes = inside(local(f32x4.mul(x, inverseScale!)), minimum!, maximum!)
    const dx = local(v128.and(f32x4.mul(read('dy'), inverseScale!), passes))
    write('dx', dx)
    return [dx, f32x4.mul(dx, f32x4.sub(x, center()))]
  },
  scalar({ read, write }, center, [inverseScale, minimum, maximum]) {
    const scaled = fround(read('x') * fround(inverseScale!))
    const dx = scaled >= fround(minimum!) && scaled <= fround(maximum!) ? fround(read('dy') * fround(inverseScale!)) : 0
    write('dx', dx)
    return [dx, dx * fround(read('x') - center)]
  },
}
