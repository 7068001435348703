import { existsSync } from 'node:fs'
import { IntegerNetwork } from '@lowbit/int-kernels'
import { cnn, integerNetwork, lower } from '@lowbit/models'
import { calibrate, foldBatchNorm, quantizeModel } from '@lowbit/quantizers/tfjs'
import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BrowserPage, openBrowser } from '../src/browser/open-browser.js'
import type { OpenedWork } from '../src/browser/page/works.js'
import { networkOfBytes } from '../src/speed/networks/network-of-bytes.js'
import { tfliteConvolution } from '../src/speed/tflite/tflite-layers.js'
import { tfliteNetwork } from '../src/speed/tflite/tflite-network.js'

const chromium = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'

describe.skipIf(!existsSync(chromium))(`in Chromium (skipped without ${chromium})`, () => {
  let page: BrowserPage
  let folded: tf.LayersModel
  let model: tf.LayersModel
  let images: tf.Tensor
  let pixels: Float32Array
  beforeAll(async () => {
    page = await openBrowser(chromium)
    await tf.setBackend('cpu')
    folded = foldBatchNorm(cnn('CNN6', { seed: 1 }))
    images = tf.randomUniform([2, 32, 32, 3], 0, 1, 'float32', 1)
    pixels = images.dataSync<'float32'>()
    model = quantizeModel(folded, { bits: 8, float: ['conv0', 'fc2'] })
    await calibrate(model, images)
  })
  afterAll(() => page.close())

  const liteRt = async (file: Uint8Array, values: Float32Array | Uint8Array, shape: readonly number[]) => {
    const given = [page.offer(file), page.offer(values), shape, values instanceof Uint8Array] as const
    return (await page.call<OpenedWork>('works', 'openLiteRt', ...given)).logits!
  }
  /** Of the largest logit. */
  const difference = (found: readonly number[], expected: Float32Array) =>
    Math.max(...expected.map((value, i) => Math.abs(value - found[i]!))) / Math.max(...expected.map(Math.abs))

  it('an integer network gives the bits that it gives here', async () => {
    const file = lower(model)
    const expected = (await IntegerNetwork.load(file)).run(pixels)
    const opened = await page.call<OpenedWork>('works', 'openNetwork', page.offer(file), page.offer(pixels))
    expect(Float32Array.from(opened.logits!)).toEqual(expected)
    expect(await page.call<number>('works', 'measure', opened.work)).toBeGreaterThan(0)
    await page.call('works', 'close', opened.work)
  })

  it('LiteRT.js computes what the float network does', async () => {
    const found = await liteRt(tfliteNetwork(integerNetwork(folded), 2), pixels, images.shape)
    expect(difference(found, (folded.predict(images) as tf.Tensor).dataSync<'float32'>())).toBeLessThan(1e-5)
  })

  it('LiteRT.js computes what the 8-bit network does, but for weights that saturate and its rounding', async () => {
    const found = await liteRt(tfliteNetwork(networkOfBytes(integerNetwork(model)), 2), pixels, images.shape)
    expect(difference(found, (model.predict(images) as tf.Tensor).dataSync<'float32'>())).toBeLessThan(0.1)
  })

  it('LiteRT.js computes an 8-bit layer as it does in floats', async () => {
    const shape = [1, 6, 6, 8]
    const bytes = Uint8Array.from({ length: 288 }, (_, i) => 128 + ((i * 37) % 20))
    const floats = Float32Array.from(bytes, (byte) => (byte - 128) * 0.01)
    const layer = { side: 6, channels: 8, filters: 8, size: 3, stride: 1 }
    const found = await liteRt(tfliteConvolution(layer, 'int8'), bytes, shape)
    const expected = await liteRt(tfliteConvolution(layer, 'float32'), floats, shape)
    // Weights are 2.54 times as large in codes of 0.01.
    const worst = Math.max(...expected.map((value, i) => Math.abs(value * 2.54 - (found[i]! - 128) * 0.01)))
    expect(Math.max(...expected)).toBeGreaterThan(0.1)
    expect(worst).toBeLessThan(0.02)
  })

  it('what a page cannot do is said', async () => {
    const nothing = [page.offer(new Uint8Array(8)), page.offer(pixels)]
    await expect(page.call('works', 'openNetwork', ...nothing)).rejects.toThrow(/IntegerNetworkError|safetensors/i)
  })
})

it('says what is missing where there is no browser', async () => {
  await expect(openBrowser('/nowhere/chromium')).rejects.toThrow('--browser /nowhere/chromium: expected Chromium')
})
