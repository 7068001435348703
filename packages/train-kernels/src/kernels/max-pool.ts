import { compile } from '@lowbit/wasm-emit'
import { backend_util, type TensorInfo } from '@tensorflow/tfjs'
import { noteSelected, noteTotals, totalsOf } from '../channels/known-totals.js'
import { axesOf, shapeKey } from '../convolution/conv-shape.js'
import {
  maxPool as maxPoolFunction,
  maxPoolGradient as maxPoolGradientFunction,
  type PoolShape,
  poolCopyBytes,
} from '../convolution/max-pool.js'
import { cachedProgram } from '../tfjs/program-cache.js'
import { scratch } from '../tfjs/scratch.js'
import { areFilledFloats, input, type KernelCall, sizeOf, type TrainingKernel } from '../tfjs/training-kernel.js'
import { addressOf, allocate, memoryOf, type WasmBackend } from '../tfjs/wasm-backend.js'

/** Maximum of windows of x [n, h, w, channels]. Which pixel it was stands behind the output's values, for the gradient. */
export const maxPool: TrainingKernel = {
  name: 'MaxPool',
  run(call) {
    const x = input(call, 'x')
    const pool = poolOf(call, x)
    const y = pool && pooled(call.backend, x, pool)
    if (y) noteSelected(y, x)
    return y
  },
}

/** Its gradient: dy goes to the first maximum of each window. */
export const maxPoolGradient: TrainingKernel = {
  name: 'MaxPoolGrad',
  run(call) {
    const { backend } = call
    const [x, y, dy] = [input(call, 'input'), input(call, 'output'), input(call, 'dy')]
    const pool = poolOf(call, x)
    if (!pool || !areFilledFloats(dy)) return undefined
    const dx = allocate(backend, x.shape)
    const known = hasIndex(backend, y, pool)
    const indexed = known ? y : pooled(backend, x, pool)
    const { gradient, copyBytes } = program(backend, pool)
    const copy = copyBytes > 0 ? scratch(backend, copyBytes) : 0
    gradient(addressOf(backend, dy), indexAddress(backend, indexed), addressOf(backend, dx), copy, pool.batch)
    if (!known) backend.disposeData(indexed.dataId)
    noteTotals(dx, totalsOf(dy))
    return dx
  },
}

interface Pool extends PoolShape {
  readonly batch: number
  readonly key: string
  readonly outShape: readonly number[]
}

/** Outputs that carry an index: of which pool, and where they lay then; data that were moved since left it behind. */
const indices = new WeakMap<object, { readonly key: string; readonly address: number }>()

const hasIndex = (backend: WasmBackend, y: TensorInfo, { key }: Pool) => {
  const index = indices.get(y.dataId)
  return index?.key === key && index.address === addressOf(backend, y)
}

const indexAddress = (backend: WasmBackend, y: TensorInfo) => addressOf(backend, y) + 4 * sizeOf(y)

function pooled(backend: WasmBackend, x: TensorInfo, pool: Pool): TensorInfo {
  const { forward, copyBytes } = program(backend, pool)
  const y = allocate(backend, pool.outShape, sizeOf({ ...x, shape: [...pool.outShape] }))
  const copy = copyBytes > 0 ? scratch(backend, copyBytes) : 0
  forward(addressOf(backend, x), addressOf(backend, y), indexAddress(backend, y), copy, pool.batch)
  indices.set(y.dataId, { key: pool.key, address: addressOf(backend, y) })
  return y
}

function program(backend: WasmBackend, pool: Pool) {
  const memory = memoryOf(backend)
  return cachedProgram(memory, `max-pool ${pool.key}`, () => {
    const [forward, gradient] = compile([maxPoolFunction(pool), maxPoolGradientFunction(pool)], memory)
    return { forward, gradient, copyBytes: poolCopyBytes(pool) }
  })
}

/** The pool that a call's attributes describe; undefined where there is nothing to pool or a window is too large for a byte. */
function poolOf(call: KernelCall, x: TensorInfo): Pool | undefined {
  const { filterSize, strides, pad, dimRoundingMode } = call.attrs
  const info = backend_util.computePool2DInfo(
    x.shape as [number, number, number, number],
    filterSize as [number, number] | number,
    strides as [number, number] | number,
    1,
    pad as 'valid' | 'same' | number,
    dimRoundingMode as 'floor' | 'round' | 'ceil',
  )
  if (!areFilledFloats(x) || info.outHeight < 1 || info.outWidth < 1) return undefined
  if (info.filterHeight * info.filterWidth > 256) return undefined
  const shape: PoolShape = { ...axesOf(info), channels: info.inChannels }
  const key = shapeKey({ ...shape, inputs: shape.channels, outputs: shape.channels })
  return { ...shape, batch: info.batchSize, key, outShape: info.outShape }
}
