// Runs in a page.
import { detectEngine, IntegerNetwork, plainEngine } from '@lowbit/int-kernels'

/** The sha256 of the logits that an integer network gives for images in f32, with the best kernels and with plain ones. */
export async function digests(network: string, images: string): Promise<{ readonly [path: string]: string }> {
  const file = new Uint8Array(await bytesAt(network))
  const pixels = new Float32Array(await bytesAt(images))
  const engine = detectEngine()
  const best = await digestOf((await IntegerNetwork.load(file, { engine })).run(pixels))
  const plain = await digestOf((await IntegerNetwork.load(file, { engine: plainEngine })).run(pixels))
  return engine.relaxedDot ? { relaxed: best, plain } : { plain }
}

export async function bytesAt(path: string): Promise<ArrayBuffer> {
  const response = await fetch(path)
  if (!response.ok) throw new Error(`${path}: ${response.status}`)
  return response.arrayBuffer()
}

async function digestOf(values: Float32Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', values))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
