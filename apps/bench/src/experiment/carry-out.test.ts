import type * as processes from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { floatRun } from '../../test/example-runs.js'
import { type CarryOutOptions, carryOut } from './carry-out.js'
import type { FloatRun } from './run-specification.js'

// A program of the test's in place of ours, which is built elsewhere: it too is given `run` and the folder.
let program: string
vi.mock('node:child_process', async (original) => {
  const { fork, ...others } = await original<typeof processes>()
  return { ...others, fork: (_: string, args: string[], options: object) => fork(program, args, options) }
})

let store: string
beforeEach(async () => {
  store = await mkdtemp(join(tmpdir(), 'lowbit-carry-out-'))
  program = join(store, 'program.mjs')
})
afterEach(() => rm(store, { recursive: true }))

const runs = [1, 2, 3].map((seed): FloatRun => ({ ...floatRun, seed }))
const options = (other: Partial<CarryOutOptions> = {}): CarryOutOptions => ({
  ...{ store: join(store, 'runs'), jobs: 2, debug: false, signal: new AbortController().signal },
  onProgress: () => {},
  onResult: async () => expect.unreachable('no run has a result'),
  ...other,
})

describe('a run that fails', () => {
  it.each([
    ['console.error("lowbit-bench: no such data")', 'no such data'],
    ['process.emitWarning("old"); setImmediate(() => console.error("lowbit-bench: no such data"))', 'no such data'],
    [
      'console.error("<--- Last few GCs --->\\nFATAL ERROR: out of memory\\n----- Native stack trace -----\\n 1: 0xb")',
      'FATAL ERROR: out of memory',
    ],
    ['', 'its process ended with code 3'],
    ['process.kill(process.pid, "SIGKILL")', 'its process ended with SIGKILL'],
  ])('after %j says why in its first line', async (script, reason) => {
    await writeFile(program, `process.exitCode = 3; ${script}`)
    const error: Error = await carryOut(runs.slice(0, 1), options()).then(
      () => expect.unreachable('it fails'),
      (failure) => failure,
    )
    expect(error.message.split('\n')[0]).toBe(`CNN6 float seed 1: ${reason}`)
  })
})

/** Takes a while to end, as a run does that is about to write, and tells of its beginning and its end with files. */
const slow = `
  import { writeFileSync } from 'node:fs'
  import { join } from 'node:path'
  const folder = process.argv[3]
  process.on('SIGTERM', () => setTimeout(() => {
    writeFileSync(join(folder, 'ended'), '')
    process.exit(1)
  }, 200))
  setInterval(() => {}, 1000)
  writeFileSync(join(folder, 'begun'), '')
  process.send({})`

describe('processes that are under way', () => {
  it('have ended when carrying out is stopped, and no others have begun', async () => {
    await writeFile(program, slow)
    const stopped = new AbortController()
    let begun = 0
    const onProgress = () => {
      if (++begun === 2) stopped.abort(new Error('stopped by SIGINT'))
    }
    await expect(carryOut(runs, options({ signal: stopped.signal, onProgress }))).rejects.toThrow('stopped by SIGINT')
    expect(await found('begun')).toBe(2)
    expect(await found('ended')).toBe(2)
  })

  it('have ended when another one has failed', async () => {
    const failing = `
      while (!(await import('node:fs')).existsSync(process.argv[3] + '/../go')) await new Promise((go) => setTimeout(go, 5))
      console.error('lowbit-bench: no room')
      process.exit(1)`
    // The second run's process fails when the first one's has begun.
    const seed = `JSON.parse((await import('node:fs')).readFileSync(process.argv[3] + '/run.json')).seed`
    await writeFile(join(store, 'slow.mjs'), slow)
    await writeFile(join(store, 'failing.mjs'), failing)
    await writeFile(program, `await import(${seed} === 1 ? './slow.mjs' : './failing.mjs')`)
    const onProgress = () => void writeFile(join(store, 'runs', 'go'), '')
    await expect(carryOut(runs, options({ onProgress }))).rejects.toThrow('CNN6 float seed 2: no room')
    expect(await found('ended')).toBe(1)
  })
})

/** Of how many runs this file is there. */
async function found(name: string): Promise<number> {
  const files = await readdir(join(store, 'runs'), { recursive: true })
  return files.filter((file) => file.endsWith(name)).length
}
