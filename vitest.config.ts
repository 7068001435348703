import { defineConfig } from 'vitest/config'

// Tests read the sources of every package, not its build: the condition stands in each package's `exports`.
const conditions = ['lowbit-source', 'node', 'import', 'module', 'default']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['node', 'default'] } },
  test: {
    include: [
      'build/*.test.mjs',
      'packages/*/src/**/*.test.ts',
      'packages/*/test/**/*.test.ts',
      'apps/*/src/**/*.test.ts',
      'apps/*/test/**/*.test.ts',
    ],
    exclude: ['**/dist/**', '**/node_modules/**', '**/*.browser.test.ts'],
    pool: 'forks',
    // By default one core stays idle: half of them where there are two.
    maxWorkers: '100%',
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
