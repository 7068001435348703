import { describe, expect, it } from 'vitest'
import type { Engine } from '../engine.js'
import { type ConvolutionFacts, chooseConvolution } from './choose-kernel.js'

const plain: Engine = { relaxedDot: false, unsignedDotAdd: false }
const relaxed: Engine = { relaxedDot: true, unsignedDotAdd: false }
const vnni: Engine = { relaxedDot: true, unsignedDotAdd: true }

/** A 3x3 layer of so many bits, weights as far from zero as they can be. */
const facts = (bits: number, more: Partial<ConvolutionFacts> = {}): ConvolutionFacts => ({
  channels: 64,
  filters: 64,
  groups: 1,
  size: [3, 3],
  stride: [1, 1],
  rows: 28,
  columns: 28,
  largestCode: 2 ** bits - 1,
  weights: { smallest: -(2 ** (bits - 1)), largest: 2 ** (bits - 1) - 1 },
  transformedWeights: { smallest: -9 * 2 ** (bits - 1), largest: 9 * 2 ** (bits - 1) },
  largestSum: 9 * 64 * 2 ** (2 * bits),
  ...more,
})

const choice = (given: ConvolutionFacts, engine: Engine): string => {
  const { kernel, ...how } = chooseConvolution(given, engine)
  return 'arithmetic' in how ? `${kernel} ${how.arithmetic}` : kernel
}

describe('chooseConvolution', () => {
  it.each([
    [2, 'winograd-convolution wide', 'winograd-convolution dot', 'winograd-convolution dot-add'],
    [4, 'winograd-convolution wide', 'winograd-convolution dot', 'winograd-convolution dot-add'],
    [6, 'winograd-convolution wide', 'winograd-convolution wide', 'direct-convolution dot-add'],
    [8, 'winograd-convolution wide', 'winograd-convolution wide', 'direct-convolution dot-add'],
  ])('takes Winograd for 3x3 layers of %i bits where its numbers fit', (bits, onPlain, onRelaxed, onVnni) => {
    expect([plain, relaxed, vnni].map((engine) => choice(facts(bits), engine))).toEqual([onPlain, onRelaxed, onVnni])
  })

  it.each([
    ['strides', { stride: [2, 2] }],
    ['other windows', { size: [5, 5] }],
    ['few channels', { channels: 8 }],
    ['groups', { groups: 2 }],
    ['single rows', { rows: 1 }],
    ['sums of which 4 times do not fit 32 bits', { largestSum: 2 ** 29 }],
  ] as const)('does not take Winograd for %s', (_, more) => {
    expect(choice(facts(4, more), vnni)).toBe('direct-convolution dot-add')
  })

  it('multiplies bytes in bursts that i16 holds', () => {
    const bursts = [3, 4, 5, 6, 7].map((bits) => chooseConvolution(facts(bits, { size: [1, 1] }), relaxed))
    expect(bursts.map((chosen) => 'burst' in chosen && chosen.burst)).toEqual([585, 136, 33, 8, 2])
  })

  it('multiplies 8 bits as i16 where the engine has no unsigned dot product', () => {
    expect(choice(facts(8, { size: [1, 1] }), relaxed)).toBe('direct-convolution wide')
  })

  it('shifts weights into bytes where they do not fit', () => {
    const far = facts(8, { size: [1, 1], weights: { smallest: -100, largest: 155 } })
    expect(chooseConvolution(far, vnni)).toMatchObject({ arithmetic: 'dot-add', windowSums: true })
    expect(chooseConvolution(facts(8), vnni)).toMatchObject({ arithmetic: 'dot-add', windowSums: false })
  })

  it('looks up products of 2 bits', () => {
    const onAll = [plain, relaxed, vnni].map((engine) => choice(facts(2, { stride: [2, 2] }), engine))
    expect(new Set(onAll)).toEqual(new Set(['lookup-convolution']))
    expect(choice(facts(2, { stride: [2, 2], filters: 24 }), vnni)).toBe('direct-convolution dot-add')
    expect(choice(facts(2, { stride: [2, 2], weights: { smallest: -2, largest: 2 } }), vnni)).toBe(
      'direct-convolution dot-add',
    )
    expect(choice(facts(2, { size: [1, 1], channels: 8000 }), vnni)).toBe('direct-convolution dot-add')
  })

  it('knows depthwise layers', () => {
    expect(choice(facts(8, { groups: 64 }), plain)).toBe('depthwise-convolution')
    expect(choice(facts(8, { groups: 64, filters: 128 }), plain)).toBe('direct-convolution wide')
    expect(choice(facts(8, { groups: 64, size: [20, 20] }), plain)).toBe('direct-convolution wide')
  })
})
