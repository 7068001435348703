import { describe, expect, it } from 'vitest'
import { f32x4, f64x2 } from '../src/index.js'
import { acrossLanes, laneByLane, tested } from './vector-cases.js'

/** Rounds half to even. */
const nearest = (x: number) => {
  const floor = Math.floor(x)
  if (!Number.isFinite(x) || floor === x) return x
  const up = x - floor > 0.5 || (x - floor === 0.5 && floor % 2 !== 0)
  return up ? (floor === -1 ? -0 : floor + 1) : floor
}

// biome-ignore lint/complexity/useMathMinMax: Math.min gives NaN where b is, and -0 where either is
const pmin = (a: number, b: number) => (b < a ? b : a)
// biome-ignore lint/complexity/useMathMinMax: Math.max gives NaN where b is, and +0 where either is
const pmax = (a: number, b: number) => (a < b ? b : a)

describe('f32x4', () => {
  const each = laneByLane('f32x4', Float32Array)
  each.unary({
    abs: [f32x4.abs, Math.abs],
    neg: [f32x4.neg, (a) => -a],
    sqrt: [f32x4.sqrt, Math.sqrt],
    ceil: [f32x4.ceil, Math.ceil],
    floor: [f32x4.floor, Math.floor],
    trunc: [f32x4.trunc, Math.trunc],
    nearest: [f32x4.nearest, nearest],
  })
  each.binary({
    add: [f32x4.add, (a, b) => a + b],
    sub: [f32x4.sub, (a, b) => a - b],
    mul: [f32x4.mul, (a, b) => a * b],
    div: [f32x4.div, (a, b) => a / b],
    min: [f32x4.min, Math.min],
    max: [f32x4.max, Math.max],
    pmin: [f32x4.pmin, pmin],
    pmax: [f32x4.pmax, pmax],
    eq: [f32x4.eq, (a, b) => a === b],
    ne: [f32x4.ne, (a, b) => a !== b],
    lt: [f32x4.lt, (a, b) => a < b],
    gt: [f32x4.gt, (a, b) => a > b],
    le: [f32x4.le, (a, b) => a <= b],
    ge: [f32x4.ge, (a, b) => a >= b],
  })
  acrossLanes('f32x4', Int32Array, Float32Array)({ convertS: [f32x4.convertS, (i, a) => a[i]!] })
  acrossLanes('f32x4', Uint32Array, Float32Array)({ convertU: [f32x4.convertU, (i, a) => a[i]!] })
  acrossLanes('f32x4', Float64Array, Float32Array)({ demoteZero: [f32x4.demoteZero, (i, a) => a[i] ?? 0] })
})

describe('f64x2', () => {
  const each = laneByLane('f64x2', Float64Array)
  each.unary({
    abs: [f64x2.abs, Math.abs],
    neg: [f64x2.neg, (a) => -a],
    sqrt: [f64x2.sqrt, Math.sqrt],
    ceil: [f64x2.ceil, Math.ceil],
    floor: [f64x2.floor, Math.floor],
    trunc: [f64x2.trunc, Math.trunc],
    nearest: [f64x2.nearest, nearest],
  })
  each.binary({
    add: [f64x2.add, (a, b) => a + b],
    sub: [f64x2.sub, (a, b) => a - b],
    mul: [f64x2.mul, (a, b) => a * b],
    div: [f64x2.div, (a, b) => a / b],
    min: [f64x2.min, Math.min],
    max: [f64x2.max, Math.max],
    pmin: [f64x2.pmin, pmin],
    pmax: [f64x2.pmax, pmax],
    eq: [f64x2.eq, (a, b) => a === b],
    ne: [f64x2.ne, (a, b) => a !== b],
    lt: [f64x2.lt, (a, b) => a < b],
    gt: [f64x2.gt, (a, b) => a > b],
    le: [f64x2.le, (a, b) => a <= b],
    ge: [f64x2.ge, (a, b) => a >= b],
  })
  acrossLanes('f64x2', Int32Array, Float64Array)({ convertLowS: [f64x2.convertLowS, (i, a) => a[i]!] })
  acrossLanes('f64x2', Uint32Array, Float64Array)({ convertLowU: [f64x2.convertLowU, (i, a) => a[i]!] })
  acrossLanes('f64x2', Float32Array, Float64Array)({ promoteLow: [f64x2.promoteLow, (i, a) => a[i]!] })
})

it('tests every instruction on floats but relaxed ones and those on single lanes', () => {
  const all = Object.entries({ f32x4, f64x2 }).flatMap(([type, of]) => Object.keys(of).map((name) => `${type}.${name}`))
  const elsewhere = /\.(relaxed.*|splat|const|shuffle|extractLane|replaceLane)$/
  expect(all.filter((name) => !tested.has(name) && !elsewhere.test(name))).toEqual([])
})
