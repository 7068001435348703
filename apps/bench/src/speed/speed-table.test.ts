import { expect, it } from 'vitest'
import type { SpeedLine } from './speed-line.js'
import { formatProfile, formatSpeedTable } from './speed-table.js'

const step = { work: 'CNN6-step', bits: 32, threads: 1, path: 'relaxed', ms: 28.51, gflops: 18.61, limitShare: 0.387 }
const lines: SpeedLine[] = [
  { ...step, peer: 'tfjs', peerMs: 384.2, ratio: 13.48 },
  { ...step, peer: 'pytorch', peerMs: 21.4, ratio: 0.7506 },
  { ...step, bits: 4, ms: 0.01234, peer: 'pytorch', peerMs: 1234.5, ratio: 100_042 },
  { work: 'histogram', bits: 32, threads: 1, path: 'js', ms: 7, peer: null, peerMs: null, ratio: null },
]

it('sets a row for each work and width, with columns for what is known', () => {
  expect(formatSpeedTable(lines)).toMatchInlineSnapshot(`
    "┌───────────┬───────┬────────┬─────────┬──────────┬─────────────┬────────────────┐
    │ work      │  bits │     ms │ GFLOP/s │ of limit │    tfjs, ms │    pytorch, ms │
    │ CNN6-step │ float │   28.5 │    18.6 │     39 % │ 384 (13.5x) │  21.4 (0.751x) │
    │ CNN6-step │     4 │ 0.0123 │    18.6 │     39 % │             │ 1235 (100042x) │
    │ histogram │ float │   7.00 │         │          │             │                │
    └───────────┴───────┴────────┴─────────┴──────────┴─────────────┴────────────────┘"
  `)
})

it('sets where the time goes', () => {
  const rows = [
    { kernel: 'Conv2D', calls: 5, ms: 7.5591, share: 0.756 },
    { kernel: '(between kernels)', calls: 0, ms: 2.44, share: 0.244 },
  ]
  expect(formatProfile('CNN6-step, 4 bits', rows)).toMatchInlineSnapshot(`
    "┌───────────────────┬───────┬───────┬───────┐
    │ CNN6-step, 4 bits │ calls │    ms │ share │
    │ Conv2D            │     5 │ 7.559 │  76 % │
    │ (between kernels) │       │ 2.440 │  24 % │
    └───────────────────┴───────┴───────┴───────┘"
  `)
})
