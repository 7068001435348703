// Runs in a page: pieces of work that are timed there.
import { detectEngine, IntegerNetwork } from '@lowbit/int-kernels'
import { type IsolatedShape, isolatedConvolution } from '@lowbit/int-kernels/synthetic'
import { bytesAt } from './networks.js'

interface Work {
  run(): unknown
  close(): unknown
}

const works = new Map<number, Work>()

/** What `measure` is told, and what else is known of a work. */
export interface OpenedWork {
  readonly work: number
  readonly version?: string
  readonly macs?: number
  readonly logits?: readonly number[]
}

export interface PageEngine {
  readonly relaxedSimd: boolean
  readonly userAgent: string
}

export const engine = (): PageEngine => ({ relaxedSimd: detectEngine().relaxedDot, userAgent: navigator.userAgent })

export async function openNetwork(file: string, images: string): Promise<OpenedWork> {
  const network = await IntegerNetwork.load(new Uint8Array(await bytesAt(file)))
  const pixels = new Float32Array(await bytesAt(images))
  const opened = open({ run: () => network.run(pixels), close: () => network.close() })
  return { ...opened, logits: [...network.run(pixels)] }
}

export async function openConvolution(shape: IsolatedShape): Promise<OpenedWork> {
  const { run, macs } = await isolatedConvolution(shape)
  return { ...open({ run, close: () => {} }), macs }
}

/** @param input values of the model's only input, of its elements' type */
export async function openOnnx(model: string, input: string, shape: readonly number[], isBytes: boolean) {
  const { env, InferenceSession, Tensor } = await import('onnxruntime-web/wasm')
  env.wasm.numThreads = 1
  const session = await InferenceSession.create(new Uint8Array(await bytesAt(model)), {
    executionProviders: ['wasm'],
    // Errors, without warnings about what a model leaves to be optimized.
    logSeverityLevel: 3,
  })
  const buffer = await bytesAt(input)
  const tensor = isBytes
    ? new Tensor('uint8', new Uint8Array(buffer), shape)
    : new Tensor('float32', new Float32Array(buffer), shape)
  const feeds = { [session.inputNames[0]!]: tensor }
  const opened = open({ run: () => session.run(feeds), close: () => session.release() })
  await session.run(feeds)
  return { ...opened, version: env.versions.common }
}

/** The wasm of LiteRT.js is loaded once for a page. */
let liteRt: Promise<typeof import('@litertjs/core')> | undefined

async function loadLiteRt() {
  const library = await import('@litertjs/core')
  await library.loadLiteRt('/@litertjs/core/wasm/', { threads: false })
  return library
}

export async function openLiteRt(model: string, input: string, shape: readonly number[], isBytes: boolean) {
  liteRt ??= loadLiteRt()
  const { loadAndCompile, Tensor } = await liteRt
  const compiled = await loadAndCompile(new Uint8Array(await bytesAt(model)), {
    accelerator: 'wasm',
    cpuOptions: { numThreads: 1 },
  })
  const buffer = await bytesAt(input)
  const tensor = new Tensor(isBytes ? new Uint8Array(buffer) : new Float32Array(buffer), [...shape])
  const run = async () => {
    const [output] = await compiled.run([tensor])
    const values = await output!.data()
    output!.delete()
    return values
  }
  const values = await run()
  const opened = open({
    run,
    close() {
      tensor.delete()
      compiled.delete()
    },
  })
  return { ...opened, logits: [...values.subarray(0, 10_000)] }
}

/** A turn of a work; gives the milliseconds of doing it once. The first time, which finds the caches cold, counts if it is long only. */
export async function measure(id: number): Promise<number> {
  const { run } = works.get(id)!
  const first = await repeat(run, 1, 0)
  return first >= LONGEST ? first : repeat(run, 5, 30)
}

const LONGEST = 500

/** So many calls on end, for so many milliseconds, but not for long; gives those of one. */
async function repeat(run: Work['run'], least: number, milliseconds: number): Promise<number> {
  const began = performance.now()
  let [calls, spent] = [0, 0]
  do {
    const result = run()
    if (result instanceof Promise) await result
    calls++
    spent = performance.now() - began
  } while ((calls < least || spent < milliseconds) && spent < LONGEST)
  return spent / calls
}

export async function close(id: number): Promise<void> {
  await works.get(id)?.close()
  works.delete(id)
}

function open(work: Work): { readonly work: number } {
  const id = nextId++
  works.set(id, work)
  return { work: id }
}

let nextId = 0
