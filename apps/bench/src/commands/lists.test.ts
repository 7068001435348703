import { describe, expect, it } from 'vitest'
import { parseAmount, parseName, parseNames, parseNumber, parseNumbers, parseSettings } from './lists.js'

const bits = { minimum: 2, maximum: 8 }

describe('parseNumbers', () => {
  it('reads numbers, ranges and both, each once and in order', () => {
    expect(parseNumbers('3', '--bits', bits)).toEqual([3])
    expect(parseNumbers('2..4', '--bits', bits)).toEqual([2, 3, 4])
    expect(parseNumbers('8, 2..3,3', '--bits', bits)).toEqual([8, 2, 3])
  })

  it.each(['1', '9', '2..9', '4..3', '', 'x', '3.5', '-1', '2...4', '1e1', '99999999999'])(
    'refuses %j and names the option',
    (text) => {
      expect(() => parseNumbers(text, '--bits', bits)).toThrow(/^--bits .*expected/)
    },
  )

  it('refuses a range that would fill the memory', () => {
    expect(() => parseNumbers('0..999999999', '--seeds', { minimum: 0, maximum: 999_999_999 })).toThrow('at most 1000')
  })
})

describe('parseNumber', () => {
  it('reads one number', () => {
    expect(parseNumber('4', '--groups', bits)).toBe(4)
  })

  it.each(['2,4', '2..4', '', '9'])('refuses %j and names the option', (text) => {
    expect(() => parseNumber(text, '--groups', bits)).toThrow(/^--groups .*expected/)
  })
})

describe('parseName', () => {
  it('reads one name, in any case', () => {
    expect(parseName('Auto', 'data', ['auto', 'generated'])).toBe('auto')
  })

  it.each(['auto,generated', 'other', ''])('refuses %j and says what is known', (text) => {
    expect(() => parseName(text, 'data', ['auto', 'generated'])).toThrow(/^data .*expected .*auto, generated/)
  })
})

describe('parseNames', () => {
  const known = ['direct', 'layer'] as const

  it('reads names in any case, each once', () => {
    expect(parseNames('Layer,direct,LAYER', '--method', known)).toEqual(['layer', 'direct'])
  })

  it('names what it did not know and what it knows', () => {
    expect(() => parseNames('layer,magic', '--method', known)).toThrow('--method magic: expected direct, layer')
  })
})

describe('parseSettings', () => {
  it('reads numbers by name', () => {
    expect(parseSettings('temperature=4, weight=0.5', '--set')).toEqual({ temperature: 4, weight: 0.5 })
    expect(parseSettings('a=-1e-3', '--set')).toEqual({ a: -1e-3 })
    expect(parseSettings('', '--set')).toEqual({})
    expect(parseSettings('order=backward,weight=.5', '--set')).toEqual({ order: 'backward', weight: 0.5 })
  })

  it('reads lists of numbers', () => {
    expect(parseSettings('fractions=0.5+.75+1,share=1', '--set')).toEqual({ fractions: [0.5, 0.75, 1], share: 1 })
    expect(parseSettings('a=1e+3,b=+2,c=1+,d=1++2,e=1+x', '--set')).toEqual({
      ...{ a: 1000, b: 2 },
      ...{ c: '1+', d: '1++2', e: '1+x' },
    })
  })

  it.each(['weight', 'weight=', '=1', 'a=1,,b=2', 'a==1 2'])('refuses %j', (text) => {
    expect(() => parseSettings(text, '--set')).toThrow(/^--set .*expected settings such as/)
  })
})

describe('parseAmount', () => {
  it('reads a number above 0, and refuses anything else', () => {
    expect(parseAmount('5e-4', '--rate')).toBe(0.0005)
    for (const text of ['0', '-1', 'x', '', 'NaN']) {
      expect(() => parseAmount(text, '--rate')).toThrow(/^--rate .*expected a number above 0/)
    }
    expect(() => parseAmount('Infinity', '--rate')).toThrow('--rate Infinity: expected a finite number')
  })

  it('refuses what is above the maximum', () => {
    expect(parseAmount('16', '--epochs', { maximum: 16 })).toBe(16)
    expect(() => parseAmount('16.5', '--epochs', { maximum: 16 })).toThrow('--epochs 16.5: expected at most 16')
  })
})
