// How long range estimation takes on one core: `node bench/estimators.mjs`, after `pnpm build`. One JSON line a piece of
// work, medians over interleaved rounds; never a test, since times depend on the machine.
import { affine, fakeQuantize, histogram, minMax, mmse, quantize } from '../dist/index.js'

const random = generator(1)
const gaussian = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

// A ResNet's last 3x3 convolution: 512 filters of 4608 weights, filters on the last axis.
const shape = [3, 3, 512, 512]
const weights = Float32Array.from({ length: 3 * 3 * 512 * 512 }, () => 0.02 * gaussian())
const perFilter = (bits) => affine({ bits, axis: 3 })
// Activations after a ReLU: half of them are zero.
const activations = Float32Array.from({ length: 10_000_000 }, () => Math.max(0, gaussian()))

const works = [
  ...[2, 3, 4, 8].map((bits) => ({
    work: 'mmse-2.4M-weights-512-filters',
    bits,
    run: () => mmse(weights, perFilter(bits), shape),
  })),
  { work: 'mmse-2.4M-weights', bits: 3, run: () => mmse(weights, affine({ bits: 3 })) },
  { work: 'minmax-2.4M-weights-512-filters', bits: 3, run: () => minMax(weights, perFilter(3), shape) },
  { work: 'histogram-10M-activations', run: () => histogram(activations) },
  {
    work: 'mmse-histogram',
    bits: 3,
    run: prepared(
      () => histogram(activations),
      (h) => mmse(h, affine({ bits: 3 })),
    ),
  },
  {
    work: 'quantize-2.4M-weights-512-filters',
    bits: 3,
    run: prepared(
      () => minMax(weights, perFilter(3), shape),
      (range) => quantize(weights, range, shape),
    ),
  },
  {
    work: 'fakequantize-10M-activations',
    bits: 3,
    run: prepared(
      () => minMax(activations, affine({ bits: 3 })),
      (range) => fakeQuantize(activations, range),
    ),
  },
]

const rounds = 7
const times = works.map(() => [])
for (let round = -2; round < rounds; round++) {
  works.forEach(({ run }, i) => {
    const cpu = process.cpuUsage()
    const start = performance.now()
    run()
    const ms = performance.now() - start
    const { user, system } = process.cpuUsage(cpu)
    if (round >= 0) times[i].push({ ms, cpuMs: (user + system) / 1000 })
  })
}
const environment = { engine: `node ${process.version}`, platform: `${process.platform}-${process.arch}`, rounds }
console.log(JSON.stringify(environment))
works.forEach(({ work, bits = 32 }, i) => {
  // Where others use the cores as well, the time on the clock says little and that of the processor more.
  const median = (key) =>
    Number(
      times[i]
        .map((time) => time[key])
        .sort((a, b) => a - b)
        [rounds >> 1].toFixed(3),
    )
  console.log(JSON.stringify({ work, bits, threads: 1, path: 'js', ms: median('ms'), cpuMs: median('cpuMs') }))
})

/** Work on something that is made once, outside of the time. */
function prepared(prepare, run) {
  const made = prepare()
  return () => run(made)
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
