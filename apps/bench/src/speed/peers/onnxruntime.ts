import type { Env, InferenceSession, Tensor } from 'onnxruntime-web'
import type { OpenPeer, Peer } from '../speed-work.js'
import { timedAsync } from '../stopwatch.js'

/** `onnxruntime-web` runs in WebAssembly as we do, `onnxruntime-node` in native code with this processor's own instructions. */
type OnnxRuntime = 'onnxruntime-web' | 'onnxruntime-node'

/** Values of a model's only input, and their shape. */
interface OnnxInput {
  readonly values: Float32Array | Uint8Array
  readonly shape: readonly number[]
}

/** Work as an ONNX file, made when it is needed, and what it is run on. */
export interface OnnxWork {
  readonly model: () => Uint8Array
  readonly input: () => OnnxInput
}

/** @param kind what the file computes in: `onnxruntime-web-int8` */
export function onnxPeer(runtime: OnnxRuntime, kind: string, work: OnnxWork, threads: number): Peer {
  return { name: `${runtime}-${kind}`, open: () => openOnnxPeer(runtime, work.model(), work.input(), threads) }
}

/** Errors: whatever the runtime throws, or the import of one that is not installed. */
async function openOnnxPeer(
  runtime: OnnxRuntime,
  bytes: Uint8Array,
  { values, shape }: OnnxInput,
  threads: number,
): Promise<OpenPeer> {
  const { env, InferenceSession, Tensor } = await runtimes[runtime](threads)
  const session = await InferenceSession.create(bytes, {
    ...(runtime === 'onnxruntime-node' && { intraOpNumThreads: threads, interOpNumThreads: 1 }),
    executionProviders: [runtime === 'onnxruntime-web' ? 'wasm' : 'cpu'],
    // Errors, without warnings about what a model leaves to be optimized.
    logSeverityLevel: 3,
  })
  const tensor =
    values instanceof Float32Array ? new Tensor('float32', values, shape) : new Tensor('uint8', values, shape)
  const feeds = { [session.inputNames[0]!]: tensor }
  return {
    version: env.versions.common,
    ...timedAsync(runtime, () => session.run(feeds)),
    close: () => session.release(),
  }
}

interface Runtime {
  readonly env: Env
  readonly InferenceSession: {
    create(bytes: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession>
  }
  readonly Tensor: typeof Tensor
}

const runtimes: Readonly<Record<OnnxRuntime, (threads: number) => Promise<Runtime>>> = {
  async 'onnxruntime-web'(threads) {
    const runtime = await import('onnxruntime-web')
    runtime.env.wasm.numThreads = threads
    return runtime
  },
  'onnxruntime-node': () => import('onnxruntime-node'),
}
