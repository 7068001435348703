import { Command } from 'commander'
import { BenchError } from '../bench-error.js'
import { type BrowserPage, CHROMIUM, openBrowser } from '../browser/open-browser.js'
import type { PageEngine } from '../browser/page/works.js'
import { engineFlags } from '../engine.js'
import { describeEngine, type EngineLine } from '../speed/describe-engine.js'
import { IN_BROWSERS, KIND_NAMES, KINDS, type Kind } from '../speed/kinds.js'
import { nameOf, runWorks } from '../speed/run-works.js'
import { speedProgress } from '../speed/speed-progress.js'
import { jsonReport, tableReport } from '../speed/speed-report.js'
import type { SpeedPlace } from '../speed/speed-work.js'
import { parseNames, parseNumber } from './lists.js'

interface SpeedOptions {
  readonly filter?: string
  readonly rounds: string
  readonly threads: string
  readonly profile: boolean
  readonly json: boolean
  readonly browser?: string | true
}

const EXPLANATION = `
Every work is warmed up and then timed in rounds, in each of which all candidates have a turn; figures are medians over the
rounds. A peer's ratio is its time divided by ours: above 1, we are faster. Peers that cannot be had are named and left out.
With --json the first line is about the engine, each further one about a work, a width and a peer.

Examples:
  lowbit-bench speed                                   everything, in some minutes
  lowbit-bench speed train --filter CNN6-step          training steps of CNN6, float and at 4 bits
  lowbit-bench speed train --filter 'CNN10-step, 4' --profile
  lowbit-bench speed train --json > figures.jsonl
  lowbit-bench speed networks --browser                in Chromium, beside LiteRT.js
`

/** `lowbit-bench speed`: how fast it is, beside others. */
export function speedCommand(): Command {
  const kinds = KIND_NAMES.map((name) => `${name} (${KINDS[name].description})`)
  return new Command('speed')
    .description('times training and integer networks, beside others that do the same')
    .argument('[kinds...]', `what to time: ${kinds.join('; ')} (default: all)`)
    .option('--filter <text>', 'only works with this in name or widths, such as CNN6, conv3x3 or "CNN6-step, 4"')
    .option('--rounds <count>', 'turns of each candidate', '7')
    .option('--threads <count>', 'threads that a candidate may use, if it can', '1')
    .option('--profile', 'where the time goes, kernel by kernel, for works that can tell', false)
    .option('--browser [path]', `time ${IN_BROWSERS.join(' and ')} in Chromium instead, at this path or ${CHROMIUM}`)
    .option('--json', 'JSON lines instead of tables', false)
    .addHelpText('after', EXPLANATION)
    .action(speed)
}

async function speed(names: readonly string[], options: SpeedOptions): Promise<void> {
  const known = options.browser ? IN_BROWSERS : KIND_NAMES
  const kinds = names.length > 0 ? parseNames(names.join(','), 'speed', known) : known
  const rounds = parseNumber(options.rounds, '--rounds', { minimum: 1, maximum: 1000 })
  const threads = parseNumber(options.threads, '--threads', { minimum: 1, maximum: options.browser ? 1 : 256 })
  const wanted = options.filter?.toLowerCase() ?? ''
  const worksAt = (kind: Kind, place: SpeedPlace) =>
    KINDS[kind].works(place).filter((work) => nameOf(work).toLowerCase().includes(wanted))
  if (kinds.every((kind) => worksAt(kind, { threads }).length === 0)) {
    const all = kinds.flatMap((kind) => KINDS[kind].works({ threads }).map(nameOf))
    throw new BenchError('USAGE', `--filter ${options.filter}: expected a part of ${theFirstOf(all)}`)
  }

  const print = (line: string) => process.stdout.write(`${line}\n`)
  const report = options.json ? jsonReport(print) : tableReport(print)
  const progress = speedProgress(process.stderr)
  const path = options.browser === true ? CHROMIUM : options.browser
  const page = path === undefined ? undefined : await openBrowser(path)
  try {
    const engine = page ? await describeBrowser(page, rounds) : describeEngine(rounds, engineFlags)
    report.begin(engine)
    if (engine.load > engine.cores / 2) {
      progress.note(
        `load ${engine.load} on ${engine.cores} cores: others compute here, and long work is disturbed more than short`,
      )
    }
    for (const kind of kinds) {
      const works = worksAt(kind, { threads, page })
      if (works.length > 0) await runWorks(kind, works, { rounds, profile: options.profile, report, progress })
    }
  } finally {
    progress.stop()
    await page?.close()
  }
}

function theFirstOf(names: readonly string[]): string {
  const shown = names.slice(0, 12)
  const more = names.length > shown.length ? `; and ${names.length - shown.length} more` : ''
  return `${shown.join('; ')}${more}`
}

/** This machine, and the browser in place of this process. */
async function describeBrowser(page: BrowserPage, rounds: number): Promise<EngineLine> {
  const { relaxedSimd } = await page.call<PageEngine>('works', 'engine')
  return { ...describeEngine(rounds, []), engine: page.version, v8: 'unknown', flags: page.flags, relaxedSimd }
}
