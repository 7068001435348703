import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { exampleResults } from '../../test/example-experiment.js'
import { reportCommand } from './report.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lowbit-report-'))
  const lines = exampleResults().map((result) => `${JSON.stringify(result)}\n`)
  await writeFile(join(folder, 'good.jsonl'), lines.join(''))
  await writeFile(join(folder, 'bad.jsonl'), `${lines.join('')}{"run": 1}\n`)
  // Three float networks, and one method at one width.
  await writeFile(join(folder, 'one.jsonl'), lines.slice(0, 4).join(''))
  await writeFile(join(folder, 'notes.md'), 'no marks\n')
  await mkdir(join(folder, 'folder'))
})
afterAll(() => rm(folder, { recursive: true }))

it.each([
  ['bad', '--out', 'page.html', 'bad.jsonl, line 14: expected the result of a run; run is 1, not text'],
  ['good', '--markdown', 'notes.md', 'notes.md: expected one line <!-- table:begin -->'],
  ['good', '--markdown', 'folder', 'folder: expected a file, but it is a folder'],
  ['good', '--out', 'folder', 'folder: expected a file, but it is a folder'],
  ['good', '--figure', 'folder', 'folder: expected a file, but it is a folder'],
  ['one', '--figure', 'figure.svg', 'one.jsonl has no method at several widths, and there is nothing to draw'],
])('with %s results and %s %s says what is wrong, and writes nothing', async (results, option, name, message) => {
  const args = ['--results', join(folder, `${results}.jsonl`), option, join(folder, name)]
  await expect(reportCommand().parseAsync(args, { from: 'user' })).rejects.toThrow(message)
  expect((await readdir(folder)).sort()).toEqual(['bad.jsonl', 'folder', 'good.jsonl', 'notes.md', 'one.jsonl'])
  expect(await readFile(join(folder, 'notes.md'), 'utf8')).toBe('no marks\n')
})
