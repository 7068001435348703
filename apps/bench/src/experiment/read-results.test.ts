import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { floatRun, quantizedRun, resultOf } from '../../test/example-runs.js'
import { readResults } from './read-results.js'
import type { RunResult } from './run-result.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lowbit-report-'))
})
afterEach(() => rm(folder, { recursive: true }))

const noWarning = (message: string) => expect.unreachable(message)
const lines = (...results: readonly object[]) => results.map((result) => `${JSON.stringify(result)}\n`).join('')
const float = resultOf(floatRun, 0.7)
const quantized = resultOf(quantizedRun, 0.6)

async function write(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text)
  return join(folder, name)
}

it('reads a file, and every file of JSON lines in a folder', async () => {
  const file = await write('a.jsonl', lines(float))
  await write('b.jsonl', lines(quantized))
  await write('notes.txt', 'not results')
  expect(await readResults(file, noWarning)).toEqual([float])
  expect(await readResults(folder, noWarning)).toEqual([float, quantized])
})

it('takes the last line of a run in one file', async () => {
  const again = { ...float, seconds: 9, weights: 'others' }
  expect(await readResults(await write('a.jsonl', lines(float, again)), noWarning)).toEqual([again])
})

it('leaves out a last line that is being written, says so and leaves the file alone', async () => {
  const text = lines(float, quantized).slice(0, -100)
  const file = await write('a.jsonl', text)
  const warnings: string[] = []
  expect(await readResults(file, (message) => warnings.push(message))).toEqual([float])
  expect(warnings).toEqual([expect.stringMatching(/a\.jsonl: the last line was cut off/)])
  expect(await readFile(file, 'utf8')).toBe(text)
})

describe('refuses in one line', () => {
  it.each(['missing.jsonl', 'empty.jsonl', 'folder'])('%s', async (name) => {
    await write('empty.jsonl', '')
    await mkdir(join(folder, 'folder'))
    const promise = readResults(join(folder, name), noWarning)
    await expect(promise).rejects.toThrow(`${join(folder, name)}: expected`)
    await expect(promise).rejects.toMatchObject({ name: 'BenchError', code: 'RESULTS' })
  })

  const without = (key: keyof RunResult) => Object.fromEntries(Object.entries(quantized).filter(([k]) => k !== key))
  it.each([
    ['{"run":\n', /line 2: expected a JSON object/],
    [
      lines({ ...quantized, accuracy: { ...quantized.accuracy, test: 60 } }),
      /line 2: expected the result of a run; accuracy\.test is 60, not a number from 0 to 1/,
    ],
    [lines({ ...quantized, run: 'else' }), /line 2: run else does not match/],
    [lines({ ...quantized, accuracy: { heldOut: 0.5, test: 0.5 } }), /line 2: .* accuracy\.start is missing/],
    [lines({ ...quantized, stages: [{ name: 'conv1', step: 3, begin: 0.5 }] }), /line 2: .* stages\.0\.end is missing/],
    [lines({ ...quantized, course: [[3, 1.5]] }), /line 2: .* course\.0 is \[3,1\.5\], not a step and an accuracy/],
    [lines(without('stages')), /line 2: .* stages is missing/],
    [lines(without('seconds')), /line 2: .* seconds is missing/],
    [lines(without('environment')), /line 2: .* environment is missing/],
  ])('%s', async (text, message) => {
    await expect(readResults(await write('a.jsonl', lines(float) + text), noWarning)).rejects.toThrow(message)
  })

  it('files that do not agree on a run', async () => {
    await write('a.jsonl', lines(float))
    await write('b.jsonl', lines({ ...float, weights: 'others' }))
    await expect(readResults(folder, noWarning)).rejects.toThrow(
      /CNN6 float seed 1: .*a\.jsonl and .*b\.jsonl have different results/,
    )
  })
})
