import { expect, it } from 'vitest'
import { versionOf } from './version-of.js'

it('is the version of what is installed', () => {
  expect(versionOf('@tensorflow/tfjs')).toMatch(/^\d+\.\d+\.\d+/)
  expect(() => versionOf('no-such-package')).toThrow('no-such-package')
})
