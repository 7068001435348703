import { generated } from '@lowbit/datasets'
import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import type { BrowserPage } from '../browser/open-browser.js'
import { browserWitness } from './browser-witness.js'
import type { Verified } from './verify-network.js'

const images = generated({ seed: 1, train: 0, test: 2 }).test
const network = {
  name: 'CNN6',
  model: tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] }),
  float: [],
  prepare: (values: Float32Array) => values,
} as const
const verified: Verified = {
  comparison: {
    ...{ images: 2, differ: 0, largestDifference: 0, sumBound: 1, sumSeen: 1, accuracy: 1 },
    ...{ paths: ['plain'], pathsThatDiffer: [], file: 'f', logits: 'a digest' },
  },
  file: new Uint8Array(3),
  logits: new Float32Array(20),
}

it('adds the paths of the page, and those whose logits are others', async () => {
  const { page } = pageOf({ relaxed: 'another digest', plain: 'a digest' })
  expect(await browserWitness(page, network, images).compare(verified)).toEqual({
    paths: ['plain', 'chromium relaxed', 'chromium plain'],
    pathsThatDiffer: ['chromium relaxed'],
  })
})

it('offers the images once, each file while it is asked, and nothing when it is closed', async () => {
  const { page, offered } = pageOf({ plain: 'a digest' })
  const witness = browserWitness(page, network, images)
  expect([...offered.values()]).toEqual([2 * 32 * 32 * 3])
  await witness.compare(verified)
  await witness.compare(verified)
  expect([...offered.values()]).toEqual([2 * 32 * 32 * 3])
  witness.close()
  expect(offered.size).toBe(0)
})

/** A page that answers every call alike, and the lengths of what is offered to it. */
function pageOf(answer: object) {
  const offered = new Map<string, number>()
  let offers = 0
  const page: BrowserPage = {
    version: 'chromium 1.2',
    flags: [],
    offer(bytes) {
      offered.set(`/bytes/${offers}`, bytes.length)
      return `/bytes/${offers++}`
    },
    withdraw(...paths) {
      for (const path of paths) offered.delete(path)
    },
    async call<Result>(_script: string, _name: string, ...given: readonly unknown[]) {
      for (const path of given) expect([...offered.keys()]).toContain(path)
      return answer as Result
    },
    close: async () => {},
  }
  return { page, offered }
}
