import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'

// The kernels and what stands on them, once more in a real browser. `*.node.test.ts` and `test/` need files or processes.
export default defineConfig({
  resolve: { conditions: ['lowbit-source', 'browser', 'import', 'module', 'default'] },
  test: {
    include: ['packages/{wasm-emit,safetensors,int-kernels}/src/**/*.test.ts'],
    exclude: ['**/dist/**', '**/node_modules/**', '**/*.node.test.ts'],
    testTimeout: 120_000,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      instances: [{ browser: 'chromium' }],
      provider: playwright({
        launchOptions: {
          executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
          args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
        },
      }),
    },
  },
})
