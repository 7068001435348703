import type { IsolatedShape } from '@lowbit/int-kernels/synthetic'
import type { BrowserPage, Json } from '../../browser/open-browser.js'
import type { OpenedWork, PageEngine } from '../../browser/page/works.js'
import { versionOf } from '../../version-of.js'
import type { Candidate } from '../interleave.js'
import type { OnnxWork } from '../peers/onnxruntime.js'
import type { Contender, OpenPeer, Peer } from '../speed-work.js'

/** A model's bytes, made when they are needed, and what it is run on. */
export type ModelWork = OnnxWork

/** An integer network that runs in a page, and its logits there. */
export async function pageNetwork(
  page: BrowserPage,
  file: Uint8Array,
  images: Float32Array,
  bits: number,
): Promise<{ readonly contender: Contender; readonly logits: Float32Array; close(): Promise<void> }> {
  const opened = await openWith(page, 'openNetwork', [file, images])
  return {
    contender: await contenderOf(page, opened, bits),
    logits: Float32Array.from(opened.logits!),
    close: () => closeIn(page, opened),
  }
}

/** One convolution of random weights in a page, and its products. */
export async function pageConvolution(
  page: BrowserPage,
  { size, stride = [1, 1], ...shape }: IsolatedShape,
): Promise<{ readonly contender: Contender; readonly macs: number; close(): Promise<void> }> {
  const opened = await page.call<OpenedWork>('works', 'openConvolution', {
    ...shape,
    size: [...size],
    stride: [...stride],
  })
  return {
    contender: await contenderOf(page, opened, shape.bits),
    macs: opened.macs!,
    close: () => closeIn(page, opened),
  }
}

/** @param kind what the file computes in: `onnxruntime-web-int8` */
export const pageOnnxPeer = (page: BrowserPage, kind: string, work: ModelWork): Peer => ({
  name: `onnxruntime-web-${kind}`,
  open: () => openPeer(page, 'openOnnx', work),
})

export const pageLiteRtPeer = (page: BrowserPage, kind: string, work: ModelWork): Peer => ({
  name: `litert-${kind}`,
  open: async () => ({ ...(await openPeer(page, 'openLiteRt', work)), version: versionOf('@litertjs/core') }),
})

async function openPeer(page: BrowserPage, opener: string, { model, input }: ModelWork): Promise<OpenPeer> {
  const { values, shape } = input()
  const opened = await openWith(page, opener, [model(), values], [...shape], values instanceof Uint8Array)
  return { version: opened.version ?? '', ...candidateOf(page, opened), close: () => closeIn(page, opened) }
}

/** Calls an opener with bytes, which are offered until it is done: what it needs of them then lies in the page. */
async function openWith(
  page: BrowserPage,
  opener: string,
  files: readonly (Uint8Array | Float32Array)[],
  ...given: readonly Json[]
): Promise<OpenedWork> {
  const paths = files.map((bytes) => page.offer(bytes))
  try {
    return await page.call<OpenedWork>('works', opener, ...paths, ...given)
  } finally {
    page.withdraw(...paths)
  }
}

async function contenderOf(page: BrowserPage, opened: OpenedWork, bits: number): Promise<Contender> {
  const { relaxedSimd } = await page.call<PageEngine>('works', 'engine')
  return { ...candidateOf(page, opened), bits, threads: 1, path: relaxedSimd ? 'relaxed' : 'plain' }
}

const candidateOf = (page: BrowserPage, { work }: OpenedWork): Candidate => ({
  name: `page ${work}`,
  measure: () => page.call<number>('works', 'measure', work),
  isWholeTurn: true,
})

const closeIn = (page: BrowserPage, { work }: OpenedWork) => page.call<void>('works', 'close', work)
