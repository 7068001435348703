/**
 * A shape about the origin, within the unit circle or nearly: how deep inside of it a point lies (negative outside), in its own
 * units, and close to the true distance near the outline. x to the right, y down.
 */
export type Shape = (x: number, y: number) => number

/** The ten classes of the generated set. Each is its own mirror image, so that flipped images keep their label. */
export const shapes: Readonly<Record<string, Shape>> = {
  disc: (x, y) => (1 - x * x - y * y) / 2,
  ring: (x, y) => Math.min((1 - x * x - y * y) / 2, x * x + y * y - 0.36),
  square: (x, y) => 0.8 - Math.max(Math.abs(x), Math.abs(y)),
  frame: (x, y) => 0.24 - Math.abs(0.58 - Math.max(Math.abs(x), Math.abs(y))),
  diamond: (x, y) => (1.05 - Math.abs(x) - Math.abs(y)) * 0.7,
  cross: (x, y) => bars(Math.abs(x), Math.abs(y)),
  saltire: (x, y) => bars(Math.abs(x + y) * 0.7, Math.abs(x - y) * 0.7),
  triangle: (x, y) => Math.min(0.65 - y, (0.95 + y) * 0.46 - Math.abs(x) * 0.89),
  crescent: (x, y) => Math.min((1 - x * x - y * y) / 2, (x * x + (y + 0.55) * (y + 0.55) - 0.64) / 1.6),
  stripes: (x, y) => Math.min(0.85 - Math.abs(x), 0.18 - Math.abs(Math.abs(y) - 0.5)),
}

/** Two bars that cross, for a point in the first quadrant. */
const bars = (x: number, y: number): number => Math.max(Math.min(0.26 - x, 0.95 - y), Math.min(0.26 - y, 0.95 - x))
