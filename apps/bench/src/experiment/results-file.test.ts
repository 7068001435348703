import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { floatRun, quantizedRun, resultOf } from '../../test/example-runs.js'
import { openResultsFile } from './results-file.js'
import { runName } from './run-specification.js'

let folder: string
let path: string
const noWarning = (message: string) => expect.unreachable(message)
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lowbit-results-'))
  path = join(folder, 'deep', 'results.jsonl')
})
afterEach(() => rm(folder, { recursive: true }))

it('gives back what was appended', async () => {
  const file = await openResultsFile(path, noWarning)
  expect(file.results.size).toBe(0)
  await file.append(resultOf(floatRun, 0.7))
  await file.append(resultOf(quantizedRun, 0.6))
  const again = await openResultsFile(path, noWarning)
  expect([...again.results.keys()]).toEqual([runName(floatRun), runName(quantizedRun)])
  expect(again.results.get(runName(floatRun))).toEqual(resultOf(floatRun, 0.7))
})

it('sets a last line that was cut aside, says so, and loses no whole line', async () => {
  const file = await openResultsFile(path, noWarning)
  await file.append(resultOf(floatRun, 0.7))
  await file.append(resultOf(quantizedRun, 0.6))
  const text = await readFile(path, 'utf8')
  await writeFile(path, text.slice(0, -100))
  const warnings: string[] = []
  const again = await openResultsFile(path, (message) => warnings.push(message))
  expect([...again.results.keys()]).toEqual([runName(floatRun)])
  expect(warnings).toEqual([expect.stringMatching(/results\.jsonl: the last line was cut off/)])
  await again.append(resultOf(quantizedRun, 0.6))
  expect(await readFile(path, 'utf8')).toBe(text)
})

it.each([
  ['{"run": ', /results\.jsonl, line 2: expected a JSON object/],
  ['{"run": "1234"}', /results\.jsonl, line 2: expected the result of a run/],
  [
    JSON.stringify({ ...resultOf(floatRun, 0.7), run: '0123456789abcdef' }),
    /line 2: run 0123456789abcdef does not match/,
  ],
  [JSON.stringify(resultOf(floatRun, 70)), /line 2: expected the result of a run/],
])('refuses %s, naming file and line', async (line, message) => {
  const file = await openResultsFile(path, noWarning)
  await file.append(resultOf(quantizedRun, 0.6))
  await writeFile(path, `${await readFile(path, 'utf8')}${line}\n`)
  await expect(openResultsFile(path, noWarning)).rejects.toThrow(message)
})
