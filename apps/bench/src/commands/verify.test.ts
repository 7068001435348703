import { generated } from '@lowbit/datasets'
import { expect, it, vi } from 'vitest'
import type { BrowserPage } from '../browser/open-browser.js'
import { verifyCommand } from './verify.js'

const page = { version: 'chromium 1.2', close: vi.fn(async () => {}) }
vi.mock('../browser/open-browser.js', () => ({ CHROMIUM: '', openBrowser: async () => page as Partial<BrowserPage> }))
// A few images in place of thousands.
vi.mock('../experiment/data.js', () => {
  const { train, test } = generated({ seed: 1, train: 2, test: 2 })
  return { findData: async () => ({ name: 'generated' }), openData: async () => ({ training: train, test }) }
})

it.each([
  [['--net', 'VGG'], '--net VGG: expected CNN6'],
  [['--bits', '9'], '--bits 9: expected numbers from 2 to 8'],
  [['--scales', 'row'], '--scales row: expected tensor, filter'],
  [['generated', '--net', 'ResNet-20'], '--net ResNet-20: expected --weights'],
  [['generated', '--net', 'CNN6,CNN10', '--weights', '.'], '--weights: expected ResNet-20 or ResNet-56 in --net'],
  [['generated', '--data', '.'], '--data: expected cifar10 or auto beside it'],
  [['generated', '--seed', '1..3'], '--seed 1..3: expected one number'],
  [['generated', '--images', '10,20'], '--images 10,20: expected one number'],
  [['cifar10,generated'], 'data cifar10,generated: expected one of auto'],
])('verify %j says what was expected', async (args, message) => {
  await expect(verifyCommand().parseAsync(args, { from: 'user' })).rejects.toThrow(message)
})

it('closes the browser where nobody reads what it prints', async () => {
  const write = vi.spyOn(process.stdout, 'write').mockImplementation(() => {
    throw new Error('write EPIPE')
  })
  const done = verifyCommand().parseAsync(['generated', '--browser', '/chromium', '--json'], { from: 'user' })
  await expect(done.finally(() => write.mockRestore())).rejects.toThrow('write EPIPE')
  expect(page.close).toHaveBeenCalledOnce()
})
