import { describe, expect, it } from 'vitest'
import '../test/engines.js'
import { detectEngine, plainEngine } from './engine.js'

describe('detectEngine', () => {
  it('answers the same each time', () => {
    expect(detectEngine()).toBe(detectEngine())
  })

  it('does not count on the one without the other', () => {
    const { relaxedDot, unsignedDotAdd } = detectEngine()
    expect(unsignedDotAdd && !relaxedDot).toBe(false)
    expect(plainEngine).toEqual({ relaxedDot: false, unsignedDotAdd: false })
  })
})
