import type { Split } from '@lowbit/datasets'
import type { BrowserPage } from '../browser/open-browser.js'
import type { FloatNetwork } from './float-network.js'
import type { Verification } from './verification.js'
import type { Verified } from './verify-network.js'

/** Runs integer networks on the same images in a browser. */
export interface BrowserWitness {
  /** The comparison, with the browser's kernels among its paths. */
  compare(verified: Verified): Promise<Pick<Verification, 'paths' | 'pathsThatDiffer'>>
  /** Gives the images back, which the page could read until now. */
  close(): void
}

export function browserWitness(page: BrowserPage, { prepare }: FloatNetwork, images: Split): BrowserWitness {
  const [all] = images.inOrder({ size: images.size })
  const pixels = page.offer(prepare(all!.images))
  return {
    async compare({ file, comparison }) {
      const network = page.offer(file)
      const digests = await page.call<Record<string, string>>('networks', 'digests', network, pixels)
      page.withdraw(network)
      const paths = Object.entries(digests).map(([path, digest]) => ({ name: `chromium ${path}`, digest }))
      const differing = paths.filter(({ digest }) => digest !== comparison.logits)
      return {
        paths: [...comparison.paths, ...paths.map(({ name }) => name)],
        pathsThatDiffer: [...comparison.pathsThatDiffer, ...differing.map(({ name }) => name)],
      }
    },
    close: () => page.withdraw(pixels),
  }
}
