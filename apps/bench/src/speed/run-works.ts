import type { SpeedProgress } from './speed-progress.js'
import type { SpeedReport } from './speed-report.js'
import type { SpeedWork } from './speed-work.js'
import { timeWork } from './time-work.js'

export interface RunWorksOptions {
  readonly rounds: number
  /** Whether works that can tell where their time goes are asked. */
  readonly profile: boolean
  readonly report: SpeedReport
  readonly progress: SpeedProgress
}

/** Times works of one kind, one after the other. */
export async function runWorks(
  kind: string,
  works: readonly SpeedWork[],
  { rounds, profile, report, progress }: RunWorksOptions,
): Promise<void> {
  const told = new Set<string>()
  const leftOut = (peer: string, reason: string) => {
    const line = `${peer} is left out: ${reason}`
    if (!told.has(line)) progress.note(line)
    told.add(line)
  }
  for (const [i, work] of works.entries()) {
    const title = `${kind} ${i + 1}/${works.length}, ${nameOf(work)}`
    progress.now(`${title}: getting ready`)
    const open = await work.open()
    try {
      const onRound = (done: number) => progress.now(`${title}: ${done} of ${rounds} rounds`)
      report.timed(await timeWork(work.name, open, { rounds, onRound }, leftOut))
      if (profile) {
        for (const contender of open.ours) {
          const rows = await contender.profile?.()
          if (rows) report.profiled(work.name, contender, rows)
        }
      }
    } finally {
      await open.close()
    }
  }
  report.endOf(kind)
}

/** `CNN6-step, float` or `conv3x3-28x28x128, 8 6 4 2 bits`: what `--filter` looks at. */
export function nameOf({ name, bits }: SpeedWork): string {
  const widths = bits.filter((width) => width < 32)
  return [
    name,
    ...(bits.includes(32) ? ['float'] : []),
    ...(widths.length > 0 ? [`${widths.join(' ')} bits`] : []),
  ].join(', ')
}
