import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'

// A page that may share memory between threads: tfjs loads its threaded build there.
const headers = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }

// The kernels and what stands on them, once more in a real browser. `*.node.test.ts` and `test/` need files or processes.
export default defineConfig({
  resolve: { conditions: ['lowbit-source', 'browser', 'import', 'module', 'default'] },
  server: { headers },
  test: {
    include: [
      'packages/{wasm-emit,safetensors,int-kernels}/src/**/*.test.ts',
      'packages/train-kernels/test/*.browser.test.ts',
    ],
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
