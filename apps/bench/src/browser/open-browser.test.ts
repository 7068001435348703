import { beforeEach, expect, it, vi } from 'vitest'
import { openBrowser } from './open-browser.js'

const page = { goto: vi.fn() }
const browser = { newPage: vi.fn(async () => page), close: vi.fn(async () => {}), version: () => '1.2' }
vi.mock('playwright-core', () => ({ chromium: { launch: async () => browser } }))

beforeEach(() => vi.clearAllMocks())

it.each([
  ['opens no page', browser.newPage],
  ['does not load the page', page.goto],
])('closes a browser that %s', async (_, step) => {
  step.mockRejectedValueOnce(new Error('crashed'))
  await expect(openBrowser('/chromium')).rejects.toThrow('crashed')
  expect(browser.close).toHaveBeenCalledOnce()
})

it('leaves closing to its caller otherwise', async () => {
  const opened = await openBrowser('/chromium')
  expect(opened.version).toBe('chromium 1.2')
  expect(browser.close).not.toHaveBeenCalled()
  await opened.close()
  expect(browser.close).toHaveBeenCalledOnce()
})
