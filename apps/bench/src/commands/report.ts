import { mkdir, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { Command } from 'commander'
import { BenchError } from '../bench-error.js'
import { readTextIfThere } from '../experiment/read-file.js'
import { readResults } from '../experiment/read-results.js'
import { writeWhole } from '../experiment/write-file.js'
import { accuracyImage } from '../report/accuracy-image.js'
import { type Experiment, experimentsOf } from '../report/experiments.js'
import { markdownReport } from '../report/markdown-report.js'
import { type Blocks, markedBlock, withMarkedBlocks } from '../report/marked-block.js'
import { overview } from '../report/overview.js'
import { reportPage } from '../report/page.js'

interface ReportOptions {
  readonly results?: string
  readonly out?: string
  readonly markdown?: readonly string[]
  readonly figure?: string
}

/** `lowbit-bench report`: tables, claims and figures of finished runs, as a page and as Markdown. */
export function reportCommand(): Command {
  return new Command('report')
    .description(
      'makes tables, figures and verdicts on the claims from results, prints them as Markdown and writes a page',
    )
    .option(
      '--results <path>',
      'a file of results or a folder of *.jsonl (default: runs/results.jsonl, or the folder results)',
    )
    .option('--out <file>', 'the page, HTML that loads nothing (default: report.html beside the results)')
    .option(
      '--markdown <files...>',
      'also puts the tables between the marks <!-- table:begin --> and <!-- table:end --> of a file, and all accuracies at a ' +
        'glance between <!-- overview:begin --> and <!-- overview:end -->',
    )
    .option('--figure <file>', 'also draws accuracy against bits, of the network with most runs, as SVG for a README')
    .action((_options: unknown, command: Command) => report(command.optsWithGlobals()))
}

async function report({ results: given, out, markdown = [], figure }: ReportOptions): Promise<void> {
  const log = (line: string) => process.stderr.write(`lowbit-bench: ${line}\n`)
  const path = given ?? (await defaultResults())
  const results = await readResults(path, log)
  const experiments = experimentsOf(results)
  const blocks = { table: markdownReport(experiments), overview: overview(experiments) }
  const folder = (await isFolder(path)) ? path : dirname(path)
  const page = resolve(out ?? join(folder, 'report.html'))
  for (const file of [page, ...markdown, figure])
    if (file !== undefined && (await isFolder(file)))
      throw new BenchError('RUN', `${file}: expected a file, but it is a folder`)
  // All made before any is written: what can't be is refused while all is as it was.
  const files = new Map([[page, reportPage(experiments)]])
  for (const file of markdown) files.set(resolve(file), await documentWith(blocks, file))
  if (figure !== undefined) files.set(resolve(figure), figureOf(experiments, path))
  for (const [file, text] of files) await write(file, text)
  process.stdout.write(`${blocks.table}\n`)
  log(`${results.length} runs of ${path} in ${[...files.keys()].join(' and ')}`)
}

function figureOf(experiments: readonly Experiment[], path: string): string {
  const image = accuracyImage(experiments)
  if (image === undefined)
    throw new BenchError('USAGE', `--figure: ${path} has no method at several widths, and there is nothing to draw`)
  return image
}

async function defaultResults(): Promise<string> {
  const own = join('runs', 'results.jsonl')
  return !(await exists(own)) && (await isFolder('results')) ? 'results' : own
}

async function documentWith(blocks: Blocks, path: string): Promise<string> {
  const text = await readTextIfThere(path)
  return text === undefined ? `${markedBlock('table', blocks.table)}\n` : withMarkedBlocks(text, blocks, path)
}

/** Beside its place first and then renamed, so that a reader never meets half of it. */
async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeWhole(path, text)
}

const found = (path: string) => stat(path).catch(() => undefined)
const exists = async (path: string) => (await found(path)) !== undefined
const isFolder = async (path: string) => (await found(path))?.isDirectory() ?? false
