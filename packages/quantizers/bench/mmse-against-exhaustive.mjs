// How far the ternary search of `mmse` stays behind `mmseExhaustive`: `node bench/mmse-against-exhaustive.mjs [weights]`,
// after `pnpm build`. Prints a line for each distribution and number of values: median and largest ratio of their squared
// errors over 40 draws, by levels. With a safetensors file of a convolutional network (OIHW, f32): over all its filters.
import { readFileSync } from 'node:fs'
import { affine, fakeQuantize, mmse, mmseExhaustive, rangeOfChannel } from '../dist/index.js'

const levels = [4, 8, 16, 256]
const draws = 40
const random = generator(1)
const gaussian = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
const distributions = {
  gaussian,
  Laplacian: () => Math.log(1 - random()) * (random() < 0.5 ? -1 : 1),
  uniform: () => 2 * random() - 1,
  'half-normal': () => Math.abs(gaussian()),
}

for (const [name, draw] of Object.entries(distributions)) {
  for (const length of [9, 27, 100, 1000, 20_000]) {
    const ratios = levels.map((count) =>
      Array.from({ length: length > 1000 ? 8 : draws }, () => {
        const values = Float32Array.from({ length }, draw)
        const scheme = affine({ levels: count })
        return ratio(values, mmse(values, scheme), mmseExhaustive(values, scheme))
      }),
    )
    print(name, length, ratios)
  }
}
if (process.argv[2] !== undefined) {
  const kernels = convolutions(process.argv[2])
  for (const { values, shape } of kernels.filter((_, i) => i % 6 === 0)) {
    const ratios = levels.map((count) => {
      const scheme = affine({ levels: count, axis: 0 })
      const searched = mmse(values, scheme, shape)
      const found = mmseExhaustive(values, scheme, shape)
      const size = values.length / shape[0]
      return Array.from({ length: shape[0] }, (_, c) =>
        ratio(values.subarray(c * size, (c + 1) * size), rangeOfChannel(searched, c), rangeOfChannel(found, c)),
      )
    })
    print(`filters of ${shape}`, values.length / shape[0], ratios)
  }
}

function ratio(values, range, best) {
  return (squaredError(values, range) + Number.MIN_VALUE) / (squaredError(values, best) + Number.MIN_VALUE)
}

function squaredError(values, range) {
  return fakeQuantize(values, range).reduce((total, x, i) => total + (x - values[i]) ** 2, 0)
}

function print(name, length, ratios) {
  const cells = ratios.map((all) => {
    const sorted = all.toSorted((a, b) => a - b)
    return `${sorted[sorted.length >> 1].toFixed(3)} ${sorted.at(-1).toFixed(2)}`
  })
  console.log(`| ${name} | ${length} | ${cells.join(' | ')} |`)
}

function convolutions(path) {
  const file = readFileSync(path)
  const headerLength = Number(file.readBigUInt64LE(0))
  const header = JSON.parse(file.subarray(8, 8 + headerLength).toString())
  return Object.values(header)
    .filter(({ shape, dtype }) => shape?.length === 4 && dtype === 'F32')
    .map(({ shape, data_offsets: [from, to] }) => ({
      shape,
      values: new Float32Array(Uint8Array.from(file.subarray(8 + headerLength + from, 8 + headerLength + to)).buffer),
    }))
}

/** Mulberry32: a seeded generator of numbers in [0, 1). */
function generator(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0
    let t = Math.imul(seed ^ (seed >>> 15), seed | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}
