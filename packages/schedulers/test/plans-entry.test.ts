import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

it('the entry ./plans reaches no package, so plans work without tfjs', () => {
  const seen = new Set<string>()
  const outside: string[] = []
  const visit = (url: URL): void => {
    if (seen.has(url.href)) return
    seen.add(url.href)
    for (const [, from] of readFileSync(fileURLToPath(url), 'utf8').matchAll(/from '([^']+)'/g)) {
      if (from!.startsWith('.')) visit(new URL(from!.replace(/\.js$/, '.ts'), url))
      else outside.push(from!)
    }
  }
  visit(new URL('../src/plans/index.ts', import.meta.url))
  expect(seen.size).toBeGreaterThan(10)
  expect(outside).toEqual([])
})
