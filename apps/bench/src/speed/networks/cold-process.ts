// A process of its own that loads an integer network and runs it once: nothing has been compiled before.
import { useFastestEngine } from '../../engine.js'

useFastestEngine()
const { readFile } = await import('node:fs/promises')
const { IntegerNetwork } = await import('@lowbit/int-kernels')
const [file, images] = await Promise.all(process.argv.slice(2).map((path) => readFile(path)))
const pixels = new Float32Array(images!.buffer, images!.byteOffset, images!.byteLength / 4)
const began = performance.now()
const network = await IntegerNetwork.load(file!)
const logits = network.run(pixels)
const ms = performance.now() - began
process.stdout.write(JSON.stringify({ ms, finite: logits.every(Number.isFinite) }))
