import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { sha256 } from '../src/sha256.js'
import { sha256 as sha256OfBrowsers } from '../src/sha256-browser.js'

/** Every module that a browser loads with this one, packages included, by the names they are imported by. */
function imports(file: string, found = new Set<string>()): Set<string> {
  for (const [, name] of readFileSync(file, 'utf8').matchAll(/^(?:import|export) (?!type )[^;]*?from '(.*?)'$/gm)) {
    const resolved = name === '#sha256' ? './sha256-browser.js' : name!
    if (found.has(resolved)) continue
    found.add(resolved)
    if (resolved.startsWith('.')) imports(resolve(dirname(file), resolved.replace('.js', '.ts')), found)
  }
  return found
}

it('needs nothing of Node where there is none', () => {
  const names = [...imports(fileURLToPath(new URL('../src/browser.ts', import.meta.url)))]
  expect(names).toContain('./generated.js')
  expect(names.filter((name) => !name.startsWith('.')).sort()).toEqual([
    '@noble/hashes/sha2.js',
    '@noble/hashes/utils.js',
  ])
})

it('has the same checksums in browsers', () => {
  const parts = [new Uint8Array(0), Uint8Array.from({ length: 1000 }, (_, i) => i), Uint8Array.of(1)]
  expect(sha256OfBrowsers(parts)).toBe(sha256(parts))
})
