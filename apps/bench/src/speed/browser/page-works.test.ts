import { beforeEach, describe, expect, it } from 'vitest'
import type { BrowserPage, Json } from '../../browser/open-browser.js'
import { pageConvolution, pageNetwork, pageOnnxPeer } from './page-works.js'

/** What the page can read, what is open there, and what it is asked. */
let offered: Set<string>
let open: Set<Json>
let fails: boolean
beforeEach(() => {
  offered = new Set()
  open = new Set()
  fails = false
})

const page: BrowserPage = {
  version: 'chromium 1.2',
  flags: [],
  offer(bytes) {
    const path = `/bytes/${offered.size}-of-${bytes.length}`
    offered.add(path)
    return path
  },
  withdraw(...paths) {
    for (const path of paths) offered.delete(path)
  },
  async call<Result>(_script: string, name: string, ...given: readonly Json[]) {
    if (name === 'engine') return { relaxedSimd: true, userAgent: '' } as Result
    if (name === 'close') return void open.delete(given[0]!) as Result
    for (const path of given) if (typeof path === 'string') expect(offered).toContain(path)
    if (fails) throw new Error('no such operator')
    open.add(7)
    return { work: 7, version: '1.2', macs: 100, logits: [1, 2] } as Result
  },
  close: async () => {},
}

const onnx = pageOnnxPeer(page, 'f32', {
  model: () => new Uint8Array(3),
  input: () => ({ values: new Float32Array(2), shape: [1, 2] }),
})

describe('works in a page', () => {
  it.each([
    ['a network', () => pageNetwork(page, new Uint8Array(3), new Float32Array(2), 4)],
    [
      'a convolution',
      () => pageConvolution(page, { height: 8, width: 8, channels: 4, filters: 4, size: [3, 3], bits: 4 }),
    ],
    ['a peer', () => onnx.open()],
  ])('%s leaves nothing there', async (_, openWork) => {
    const opened = await openWork()
    expect(open.size).toBe(1)
    expect(offered.size).toBe(0)
    await opened.close()
    expect(open.size).toBe(0)
  })

  it('takes back what it offered to a peer that is not to be had', async () => {
    fails = true
    await expect(onnx.open()).rejects.toThrow('no such operator')
    expect(offered.size).toBe(0)
  })
})
