import { compile, func } from '@lowbit/wasm-emit'
import { cachedProgram } from '../tfjs/program-cache.js'
import { memoryOf, type WasmBackend } from '../tfjs/wasm-backend.js'
import { overFloats } from './over-floats.js'

/** One loop of a copy: how often, and bytes from turn to turn on both sides. */
interface CopyLoop {
  readonly count: number
  readonly from: number
  readonly to: number
}

/** A block of 4-byte values as `loops` around runs of `run` values that lie side by side on both sides. */
export interface BlockCopy {
  readonly run: number
  readonly loops: readonly CopyLoop[]
}

/** Loops that the kernel has. */
const most = 3

/**
 * A block of `size` out of an array `from` into an array `to`, in as few loops as the shapes allow; undefined where it takes
 * more than the kernel has.
 */
export function blockCopy(
  size: readonly number[],
  from: readonly number[],
  to: readonly number[],
): BlockCopy | undefined {
  const loops: CopyLoop[] = []
  let inner: CopyLoop = { count: 1, from: 4, to: 4 }
  let [fromStride, toStride] = [4, 4]
  for (let axis = size.length - 1; axis >= 0; axis--) {
    const count = size[axis]!
    const follows = fromStride === inner.count * inner.from && toStride === inner.count * inner.to
    if (follows) inner = { ...inner, count: inner.count * count }
    else if (count > 1) {
      loops.unshift(inner)
      inner = { count, from: fromStride, to: toStride }
    }
    fromStride *= from[axis]!
    toStride *= to[axis]!
  }
  loops.unshift(inner)
  return loops.length > most + 1 ? undefined : { run: loops.at(-1)!.count, loops: loops.slice(0, -1) }
}

/** Copies a block of more than no values between two places of tfjs's memory. */
export function copyBlock(backend: WasmBackend, { run, loops }: BlockCopy, from: number, to: number): void {
  const memory = memoryOf(backend)
  const { copy } = cachedProgram(memory, 'copy block', () => {
    const [kernel] = compile([copyFunction()], memory)
    return { copy: kernel }
  })
  const none = { count: 1, from: 0, to: 0 }
  const [a, b, c] = [...Array.from({ length: most - loops.length }, () => none), ...loops] as [
    CopyLoop,
    CopyLoop,
    CopyLoop,
  ]
  copy(from, to, run, a.count, a.from, a.to, b.count, b.from, b.to, c.count, c.from, c.to)
}

/** Three loops around a run, outermost first. */
const copyFunction = () =>
  func(
    'copyBlock',
    {
      ...{ from: 'i32', to: 'i32', run: 'i32' },
      ...{ outer: 'i32', outerFrom: 'i32', outerTo: 'i32' },
      ...{ middle: 'i32', middleFrom: 'i32', middleTo: 'i32' },
      ...{ inner: 'i32', innerFrom: 'i32', innerTo: 'i32' },
    },
    (p, body) => {
      const { local, repeat, advance } = body
      repeat(p.outer, () => {
        const [from, to] = [local(p.from), local(p.to)]
        repeat(p.middle, () => {
          const [start, target] = [local(from), local(to)]
          repeat(p.inner, () => {
            const [read, write] = [local(start), local(target)]
            overFloats(body, p.run, [read, write], ({ load, store }) => store(write, load(read)))
            advance(start, p.innerFrom)
            advance(target, p.innerTo)
          })
          advance(from, p.middleFrom)
          advance(to, p.middleTo)
        })
        advance(p.from, p.outerFrom)
        advance(p.to, p.outerTo)
      })
    },
  )
