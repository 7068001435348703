import fc from 'fast-check'

/** Any number that f32 holds, its extremes and both zeros often. */
export const anyFinite = fc.oneof(
  fc.constantFrom(0, -0, 2 ** -149, 3.4e38, -3.4e38),
  fc.float({ noNaN: true, noDefaultInfinity: true }),
  fc.float({ noNaN: true, min: -8, max: 8 }),
)
