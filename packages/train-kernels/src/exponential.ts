// e^x and ln x in f64 from additions, multiplications and divisions only: so they have the same bits in every engine, where
// those of Math.exp and Math.log are the engine's own. Both come within 4e-16 of the true value, relatively to it (e^x) or to
// the larger of it and 1 (ln x).

/** ln 2 in two parts: the first has so few bits that its multiples by an exponent are exact. */
const ln2High = 0.6931471803691238
const ln2Low = 1.9082149292705877e-10

/** 1 / 14!, ..., 1 / 1!, 1 / 0! */
const inverseFactorials = Float64Array.from({ length: 15 }, (_, i) => {
  let factorial = 1
  for (let n = 2; n <= 14 - i; n++) factorial *= n
  return 1 / factorial
})

/** e^x for x <= 0, with 0 for what is below -700; NaN of NaN. */
export function exponential(x: number): number {
  if (x < -700) return 0
  const power = Math.round(x * Math.LOG2E)
  const rest = x - power * ln2High - power * ln2Low
  let sum = inverseFactorials[0]!
  for (let n = 1; n < inverseFactorials.length; n++) sum = sum * rest + inverseFactorials[n]!
  return sum * powerOfTwo(power)
}

/** ln x for x >= 1; NaN of NaN. */
export function logarithm(x: number): number {
  let [mantissa, power] = [x, 0]
  while (mantissa > Math.SQRT2) {
    mantissa /= 2
    power++
  }
  const ratio = (mantissa - 1) / (mantissa + 1)
  const square = ratio * ratio
  let sum = 0
  for (let n = 23; n >= 1; n -= 2) sum = sum * square + 1 / n
  return 2 * ratio * sum + power * ln2Low + power * ln2High
}

const bits = new Uint32Array(2)
const float = new Float64Array(bits.buffer)

/** 2^power for -1022 <= power <= 1023; of NaN something that is no NaN itself. */
function powerOfTwo(power: number): number {
  bits[1] = (power + 1023) << 20
  return float[0]!
}
