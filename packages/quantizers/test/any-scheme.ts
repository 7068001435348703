import fc from 'fast-check'
import { affine, symmetric, type TensorScheme } from '../src/index.js'

/** Schemes of each kind, for what is tried with all of them. */
export const schemes: readonly TensorScheme[] = [2, 3, 4, 5, 6, 7, 8]
  .map((bits): TensorScheme => affine({ bits }))
  .concat([3, 25, 255].map((levels) => affine({ levels })))
  .concat([2, 3, 8].map((bits) => symmetric({ bits })))
  .concat([2, 8].map((bits) => symmetric({ bits, narrow: true })))

const levels = fc.integer({ min: 3, max: 256 })

/** Any scheme that there is, per tensor. */
export const anyScheme = fc.oneof(
  fc.constantFrom(...schemes),
  levels.map((count) => affine({ levels: count })),
  fc.tuple(levels, fc.boolean()).map(([count, narrow]) => symmetric({ levels: count, narrow })),
)

/** A shape and one of its axes, counted from the first or from the last. */
export const shapeWithAxis = fc
  .array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 })
  .chain((shape) => fc.integer({ min: -shape.length, max: shape.length - 1 }).map((axis) => ({ shape, axis })))
