import { expect, it } from 'vitest'
import type { BrowserPage, Json } from '../../browser/open-browser.js'
import { kernelWorks } from './kernel-works.js'

it('closes the layers that it opened in a page', async () => {
  const open = new Set<Json>()
  let opened = 0
  const page: BrowserPage = {
    version: 'chromium 1.2',
    flags: [],
    offer: () => expect.unreachable('a layer of random weights needs no file'),
    withdraw: () => {},
    async call<Result>(_script: string, name: string, ...given: readonly Json[]) {
      if (name === 'engine') return { relaxedSimd: true, userAgent: '' } as Result
      if (name === 'close') return void open.delete(given[0]!) as Result
      open.add(opened)
      return { work: opened++, macs: 100 } as Result
    },
    close: async () => {},
  }
  const work = await kernelWorks({ threads: 1, page })[0]!.open()
  expect(open.size).toBe(work.ours.length)
  await work.close()
  expect(open.size).toBe(0)
})
