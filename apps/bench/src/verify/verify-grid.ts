import type { Split } from '@lowbit/datasets'
import type { BrowserPage } from '../browser/open-browser.js'
import { browserWitness } from './browser-witness.js'
import { floatNetwork, isPublished, type VerifiedName } from './float-network.js'
import { onnxWitness } from './onnx-witness.js'
import { quantizedNetwork, type Scales } from './quantized-network.js'
import type { Verification } from './verification.js'
import { verifyNetwork } from './verify-network.js'

/** Networks that are made and verified, each at every width with every kind of scales. */
export interface VerificationGrid {
  readonly networks: readonly VerifiedName[]
  readonly bits: readonly number[]
  readonly scales: readonly Scales[]
  readonly seed: number
  readonly floatSteps: number
  readonly steps: number
  /** Where the weights of residual networks lie. */
  readonly weights: string | undefined
  readonly training: Split
  /** What is compared on. */
  readonly images: Split
  /** Whether onnxruntime is asked, too. */
  readonly witness: boolean
  /** Where integer networks are run, too. */
  readonly page: BrowserPage | undefined
}

/** @param onProgress told what goes on now */
export async function* verifyGrid(
  grid: VerificationGrid,
  onProgress: (line: string) => void,
): AsyncGenerator<Verification, void, undefined> {
  const { training, images, seed, weights } = grid
  for (const name of grid.networks) {
    onProgress(`${name}: training in floats`)
    const float = await floatNetwork(name, training, { seed, steps: grid.floatSteps, weights })
    const browser = grid.page && browserWitness(grid.page, float, images)
    const steps = isPublished(name) ? 0 : grid.steps
    for (const bits of grid.bits) {
      for (const scales of grid.scales) {
        const title = `${name}, ${bits} bits, a scale a ${scales}`
        onProgress(`${title}: quantizing`)
        const model = await quantizedNetwork(float, training, { bits, scales, steps, seed })
        const onImages = (done: number) => onProgress(`${title}: ${done} of ${images.size} images`)
        const verified = await verifyNetwork(float, model, images, onImages)
        onProgress(`${title}: asking the witnesses`)
        const inBrowser = await browser?.compare(verified)
        const witness = grid.witness ? await onnxWitness(float, model, images, verified.logits) : {}
        for (const weight of model.weights) weight.read().dispose()
        yield { network: name, bits, scales, ...verified.comparison, ...inBrowser, ...witness }
      }
    }
    browser?.close()
  }
}
