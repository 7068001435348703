import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { exampleResults } from './example-experiment.js'

// The program as it is built: what a person at a terminal meets.
const program = fileURLToPath(new URL('../bin/lowbit-bench.js', import.meta.url))

const repository = fileURLToPath(new URL('../../..', import.meta.url))

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lowbit-report-'))
})
afterEach(() => rm(folder, { recursive: true }))

const text = () =>
  exampleResults()
    .map((result) => `${JSON.stringify(result)}\n`)
    .join('')

function report(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'report', ...args], {
    cwd: folder,
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

it('writes the page beside the results and prints the tables, the same each time', async () => {
  await mkdir(join(folder, 'runs'))
  await writeFile(join(folder, 'runs', 'results.jsonl'), text())
  const { status, stdout, stderr } = report()
  expect(status, stderr).toBe(0)
  expect(stdout).toContain('73.17 ± 1.04 (3)')
  expect(stderr).toMatch(/13 runs of runs\/results\.jsonl in .*runs\/report\.html\n$/)
  expect((await readdir(join(folder, 'runs'))).sort()).toEqual(['report.html', 'results.jsonl'])
  const page = await readFile(join(folder, 'runs', 'report.html'), 'utf8')
  expect(report().stdout).toBe(stdout)
  expect(await readFile(join(folder, 'runs', 'report.html'), 'utf8')).toBe(page)
})

it('takes the folder results where there are no runs, and puts the tables between the marks of a file', async () => {
  await mkdir(join(folder, 'results'))
  await writeFile(join(folder, 'results', 'one.jsonl'), text())
  const readme = join(folder, 'README.md')
  await writeFile(readme, '# Title\n<!-- table:begin -->\nold\n<!-- table:end -->\nThe end.\n')
  const { status, stdout, stderr } = report('--markdown', 'README.md', '--out', 'deep/page.html')
  expect(status, stderr).toBe(0)
  const written = await readFile(readme, 'utf8')
  expect(written).toBe(`# Title\n<!-- table:begin -->\n${stdout}<!-- table:end -->\nThe end.\n`)
  report('--markdown', 'README.md', '--out', 'deep/page.html')
  expect(await readFile(readme, 'utf8')).toBe(written)
  expect(await readFile(join(folder, 'deep', 'page.html'), 'utf8')).toMatch(/^<!doctype html>/)
})

it('makes the README’s tables, those of the results and the figure from the committed results, to the byte', async () => {
  const committed = ['README.md', 'results/README.md', 'docs/accuracy.svg']
  const texts = await Promise.all(committed.map((path) => readFile(join(repository, path), 'utf8')))
  const [readme, tables] = texts
  await writeFile(join(folder, 'README.md'), readme!)
  await writeFile(join(folder, 'tables.md'), tables!)
  const results = ['--results', join(repository, 'results')]
  const { status, stderr } = report(
    ...results,
    ...['--markdown', 'README.md', 'tables.md', '--out', 'r.html', '--figure', 'accuracy.svg'],
  )
  expect(status, stderr).toBe(0)
  const made = ['README.md', 'tables.md', 'accuracy.svg'].map((path) => readFile(join(folder, path), 'utf8'))
  expect(await Promise.all(made)).toEqual(texts)
})

it('says what is wrong in one line, with exit code 1', () => {
  const { status, stdout, stderr } = report()
  expect([status, stdout]).toEqual([1, ''])
  expect(stderr).toMatch(/^lowbit-bench: runs\/results\.jsonl: expected .*\n$/)
})
