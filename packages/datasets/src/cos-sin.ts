/**
 * Cosine and sine of an angle in degrees, -180 .. 180, to 1e-15. Only additions and multiplications, whose bits the language
 * fixes: those of `Math.cos` may differ from engine to engine, and then so would augmented images.
 */
export function cosSin(degrees: number): [cos: number, sin: number] {
  // Taylor series at an eighth of the angle, |x| <= 0.393, then the angle doubled three times.
  const x = (degrees * (Math.PI / 180)) / 8
  const square = x * x
  let cos = 1
  let sin = x
  let cosTerm = 1
  let sinTerm = x
  for (let n = 2; n <= 16; n += 2) {
    cosTerm *= -square / ((n - 1) * n)
    sinTerm *= -square / (n * (n + 1))
    cos += cosTerm
    sin += sinTerm
  }
  for (let doubling = 0; doubling < 3; doubling++) {
    const doubleSin = 2 * sin * cos
    cos = 1 - 2 * sin * sin
    sin = doubleSin
  }
  return [cos, sin]
}
