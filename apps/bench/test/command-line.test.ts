import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findData } from '../src/experiment/data.js'
import { openRunFolder } from '../src/experiment/run-folder.js'
import { type FloatRun, type RunSpecification, runName } from '../src/experiment/run-specification.js'
import { floatRun, quantizedRun } from './example-runs.js'

// The program as it is built: these are the tests of what a person at a terminal meets.
const program = fileURLToPath(new URL('../bin/lowbit-bench.js', import.meta.url))

let store: string
let baseline: FloatRun
beforeAll(async () => {
  store = await mkdtemp(join(tmpdir(), 'lowbit-bench-'))
  baseline = { ...floatRun, data: await findData('generated', floatRun.data, { log: expect.unreachable }) }
})
afterAll(() => rm(store, { recursive: true }))

describe('what bad input gets', () => {
  it.each([
    [['reproduce', 'generated', '--bits', '1'], '--bits 1: expected numbers from 2 to 8'],
    [['reproduce', '--no-such-option'], "unknown option '--no-such-option'"],
    [['no-such-command'], 'expected auto, cifar10, generated'],
    [['reproduce', 'generated', '--groups', '2,4'], '--groups 2,4: expected one number'],
    [['reproduce', 'generated', '--data', '.'], '--data: expected cifar10 or auto beside it'],
  ])('%j ends with exit code 2 and says what was expected', async (args, message) => {
    const { code, output } = await run(args)
    expect(output).toContain(message)
    expect(output).not.toMatch(/\n\s+at /)
    expect(code).toBe(2)
  })

  it('says which folder does not hold CIFAR-10, in one line and with exit code 1', async () => {
    const { code, output } = await run(['reproduce', 'cifar10', '--data', store, '--out', join(store, 'unused')])
    expect(output.trim().split('\n')).toHaveLength(1)
    expect(output).toContain(store)
    expect(code).toBe(1)
    const traced = await run(['--debug', 'reproduce', 'cifar10', '--data', store, '--out', join(store, 'unused')])
    expect(traced.output).toMatch(/\n\s+at /)
  })

  it.each([
    [undefined, 'there is no such file'],
    ['{"kind":', 'it is not JSON'],
    ['{"kind":"float","network":8}', 'network is 8, not CNN6 or CNN7 or CNN8 or CNN9 or CNN10'],
  ])('says why a folder with the run.json %s is not that of a run', async (specification, reason) => {
    const folder = await mkdtemp(join(store, 'run-'))
    if (specification !== undefined) await writeFile(join(folder, 'run.json'), specification)
    const { code, output } = await run(['run', folder])
    expect(output).toBe(`lowbit-bench: ${join(folder, 'run.json')}: expected the specification of a run; ${reason}\n`)
    expect(code).toBe(1)
  })

  it('refuses to carry a run out in a folder that bears another name', async () => {
    const folder = await mkdtemp(join(store, 'renamed-'))
    await writeFile(join(folder, 'run.json'), JSON.stringify(baseline))
    const { code, output } = await run(['run', folder])
    expect(output).toBe(
      `lowbit-bench: ${folder}: expected a folder named ${runName(baseline)}, as its run.json makes it\n`,
    )
    expect(code).toBe(1)
    expect(await readdir(folder)).toEqual(['run.json'])
  })

  it('refuses a file where the folder of runs should be', async () => {
    const file = join(store, 'a-file')
    await writeFile(file, '')
    const { code, output } = await run(['reproduce', 'generated', '--profile', 'smoke', '--out', file])
    expect(output).toContain(`${file}`)
    expect(output).toContain('expected a folder')
    expect(code).toBe(1)
  })
})

describe('a run', () => {
  it('that fails ends, also where another process watches it', async () => {
    const { path } = await openRunFolder(join(store, 'watched'), baseline)
    await writeFile(join(path, 'events.jsonl'), 'null\n')
    const child = fork(program, ['run', path], { execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
    let complaint = ''
    child.stderr!.setEncoding('utf8').on('data', (text) => (complaint += text))
    const [code] = await once(child, 'close')
    expect(complaint).toContain('events.jsonl, line 1: expected an event; it is null, not an object')
    expect(code).toBe(1)
  })

  it('gives the same bits again, and again when it was killed on the way', async () => {
    const runs: readonly [run: RunSpecification, ...checkpoints: readonly number[]][] = [
      [baseline, 1, 20],
      [{ ...quantizedRun, method: 'neuron', baseline }, 10],
      // It has all that can have a state of its own: learned steps, and a record of oscillations.
      [{ ...quantizedRun, method: 'frozen', baseline }, 1, 20],
    ]
    for (const [specification, ...checkpoints] of runs) {
      const whole = await complete('whole', specification)
      const pieces = await killAndComplete('pieces', specification, checkpoints)
      expect(pieces.kills).toBeGreaterThan(0)
      expect(pieces.result).toEqual(whole)
    }
  }, 240_000)
})

async function run(args: readonly string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, output }
}

/** Carries a run out in one go; gives what of its result may not depend on when and how fast it was computed. */
async function complete(name: string, specification: RunSpecification): Promise<object> {
  const folder = await openRunFolder(join(store, name), specification)
  const { code, output } = await run(['run', folder.path, '--checkpoint-every', '3'])
  expect(code, output).toBe(0)
  const { seconds, finished, ...result } = JSON.parse(await readFile(join(folder.path, 'result.json'), 'utf8'))
  expect(seconds).toBeGreaterThan(0)
  expect(Date.parse(finished)).toBeGreaterThan(0)
  return result
}

/** Kills the process once each of these checkpoints has been written, at a moment of its own each time. */
async function killAndComplete(name: string, specification: RunSpecification, checkpoints: readonly number[]) {
  const { path } = await openRunFolder(join(store, name), specification)
  let kills = 0
  for (const wanted of checkpoints) {
    const child = spawn(process.execPath, [program, 'run', path, '--checkpoint-every', '3'], { stdio: 'ignore' })
    const ended = once(child, 'close')
    while (child.exitCode === null && (await lastCheckpoint(path)) < wanted) await pause(2)
    await pause(Math.random() * 30)
    child.kill('SIGKILL')
    await ended
    if (!(await exists(join(path, 'result.json')))) kills++
  }
  return { kills, result: await complete(name, specification) }
}

async function lastCheckpoint(folder: string): Promise<number> {
  const steps = (await readdir(folder)).map((file) => Number(/^checkpoint-(\d+)\.safetensors$/.exec(file)?.[1] ?? -1))
  return Math.max(-1, ...steps)
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))
const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  )
