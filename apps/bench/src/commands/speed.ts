import { Command } from 'commander'
import { BenchError } from '../bench-error.js'
import { engineFlags } from '../engine.js'
import { describeEngine } from '../speed/describe-engine.js'
import { KIND_NAMES, KINDS } from '../speed/kinds.js'
import { nameOf, runWorks } from '../speed/run-works.js'
import { speedProgress } from '../speed/speed-progress.js'
import { jsonReport, tableReport } from '../speed/speed-report.js'
import { parseNames, parseNumbers } from './lists.js'

interface SpeedOptions {
  readonly filter?: string
  readonly rounds: string
  readonly threads: string
  readonly profile: boolean
  readonly json: boolean
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
    .option('--json', 'JSON lines instead of tables', false)
    .addHelpText('after', EXPLANATION)
    .action(speed)
}

async function speed(names: readonly string[], options: SpeedOptions): Promise<void> {
  const kinds = names.length > 0 ? parseNames(names.join(','), 'speed', KIND_NAMES) : KIND_NAMES
  const [rounds] = parseNumbers(options.rounds, '--rounds', { minimum: 1, maximum: 1000 })
  const [threads] = parseNumbers(options.threads, '--threads', { minimum: 1, maximum: 256 })
  const wanted = options.filter?.toLowerCase() ?? ''
  const chosen = kinds.map((kind) => ({
    kind,
    works: KINDS[kind].works({ threads: threads! }).filter((work) => nameOf(work).toLowerCase().includes(wanted)),
  }))
  if (chosen.every(({ works }) => works.length === 0)) {
    const all = kinds.flatMap((kind) => KINDS[kind].works({ threads: threads! }).map(nameOf))
    throw new BenchError('USAGE', `--filter ${options.filter}: expected a part of ${all.join('; ')}`)
  }

  const print = (line: string) => process.stdout.write(`${line}\n`)
  const report = options.json ? jsonReport(print) : tableReport(print)
  const progress = speedProgress(process.stderr)
  const engine = describeEngine(rounds!, engineFlags)
  report.begin(engine)
  if (engine.load > engine.cores / 2) {
    progress.note(
      `load ${engine.load} on ${engine.cores} cores: others compute here, and long work is disturbed more than short`,
    )
  }
  try {
    for (const { kind, works } of chosen) {
      if (works.length > 0) await runWorks(kind, works, { rounds: rounds!, profile: options.profile, report, progress })
    }
  } finally {
    progress.stop()
  }
}
