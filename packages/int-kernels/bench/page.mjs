// What `first-result-in-a-page.mjs` opens.
import { IntegerNetwork } from '../dist/index.js'

globalThis.firstResult = async (bits) => {
  const file = new Uint8Array(await (await fetch(`/network/${bits}`)).arrayBuffer())
  const image = new Float32Array(32 * 32 * 3).fill(0.5)
  // Not while the browser itself is starting.
  await new Promise((resolve) => setTimeout(resolve, 1000))
  const began = performance.now()
  const network = await IntegerNetwork.load(file)
  network.run(image)
  return performance.now() - began
}
globalThis.ran = performance.now()
