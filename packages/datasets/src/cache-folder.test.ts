import { homedir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { cacheFolder } from './cache-folder.js'

afterEach(() => vi.unstubAllEnvs())

it('is where the user wants caches to be', () => {
  vi.stubEnv('XDG_CACHE_HOME', '/somewhere')
  expect(cacheFolder()).toBe(join('/somewhere', 'lowbit'))
})

it('is in the home folder otherwise', () => {
  vi.stubEnv('XDG_CACHE_HOME', '')
  expect(cacheFolder().startsWith(homedir())).toBe(true)
})
