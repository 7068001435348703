import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import PQueue from 'p-queue'
import { BenchError } from '../bench-error.js'
import { reasonIn } from '../last-words.js'
import { openRunFolder } from './run-folder.js'
import type { RunProgress } from './run-progress.js'
import type { RunResult } from './run-result.js'
import { baselineOf, describeRun, type RunSpecification, runName } from './run-specification.js'

export interface CarryOutOptions {
  /** Folder of run folders. */
  readonly store: string
  /** How many runs at a time, each in a process of its own. */
  readonly jobs: number
  readonly debug: boolean
  readonly signal: AbortSignal
  onProgress(run: RunSpecification, progress: RunProgress): void
  onResult(run: RunSpecification, result: RunResult): Promise<void>
}

/**
 * Carries runs out, finished ones from their folders, the others each in a process of its own and a baseline before what
 * stands on it. The first failure, or the signal, ends the processes that are under way; what they had checkpointed stays.
 * Errors: that failure, or the signal's reason, when all of them have ended: whoever comes next finds their folders free.
 */
export async function carryOut(runs: readonly RunSpecification[], options: CarryOutOptions): Promise<void> {
  const ended = new AbortController()
  const signal = AbortSignal.any([options.signal, ended.signal])
  const queue = new PQueue({ concurrency: options.jobs })
  const started = new Map<string, Promise<void>>()

  const start = (run: RunSpecification): Promise<void> => {
    const name = runName(run)
    const known = started.get(name)
    if (known) return known
    const baseline = baselineOf(run)
    const before = baseline === run ? Promise.resolve() : start(baseline)
    // The queue is not told of the signal: it would give up runs whose processes have not ended yet.
    const promise = before.then(() => queue.add(() => finish(run)))
    started.set(name, promise)
    return promise
  }
  const finish = async (run: RunSpecification): Promise<void> => {
    signal.throwIfAborted()
    const folder = await openRunFolder(options.store, run)
    if ((await folder.readResult()) === undefined) await inChildProcess(run, folder.path, { ...options, signal })
    const result = await folder.readResult()
    if (result === undefined)
      throw new BenchError('RUN', `${describeRun(run)}: ended without a result in ${folder.path}`)
    await options.onResult(run, result)
  }

  try {
    await Promise.all(runs.map(start))
  } catch (error) {
    ended.abort(error)
    await Promise.allSettled(started.values())
    throw error
  }
}

async function inChildProcess(run: RunSpecification, folder: string, options: CarryOutOptions): Promise<void> {
  options.signal.throwIfAborted()
  const program = fileURLToPath(new URL('../main.js', import.meta.url))
  const flags = options.debug ? ['--debug'] : []
  const child = fork(program, ['run', folder, ...flags], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
  let complaint = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-10_000)
  })
  child.on('message', (progress: RunProgress) => options.onProgress(run, progress))
  const kill = () => child.kill('SIGTERM')
  options.signal.addEventListener('abort', kill, { once: true })
  const [code, killedBy] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  options.signal.removeEventListener('abort', kill)
  if (code === 0) return
  options.signal.throwIfAborted()
  const reason = reasonIn(complaint) ?? `its process ended with ${killedBy ?? `code ${code}`}`
  // The first line is for a person. The others, such as the stack, are seen with --debug alone.
  throw new BenchError('RUN', `${describeRun(run)}: ${reason}\n${complaint}`.trimEnd())
}
