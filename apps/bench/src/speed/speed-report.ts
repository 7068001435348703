import type { EngineLine } from './describe-engine.js'
import type { SpeedLine } from './speed-line.js'
import { formatProfile, formatSpeedTable } from './speed-table.js'
import type { Contender, ProfileRow } from './speed-work.js'

/** Where figures go as they come. */
export interface SpeedReport {
  begin(engine: EngineLine): void
  timed(lines: readonly SpeedLine[]): void
  profiled(work: string, contender: Contender, rows: readonly ProfileRow[]): void
  /** All works of a kind are done. */
  endOf(kind: string): void
}

/** One JSON object a line, at once. */
export function jsonReport(print: (line: string) => void): SpeedReport {
  const printJson = (value: object) => print(JSON.stringify(value))
  return {
    begin: printJson,
    timed: (lines) => lines.forEach(printJson),
    profiled: (work, { bits }, rows) => {
      for (const row of rows) printJson({ profileOf: work, bits, ...row })
    },
    endOf: () => {},
  }
}

/** A table for each kind of work, and then its profiles. */
export function tableReport(print: (text: string) => void): SpeedReport {
  let lines: SpeedLine[] = []
  let profiles: string[] = []
  return {
    begin({ engine, flags, tfjs, cpu, rounds }) {
      print(
        `${[engine, ...flags].join(' ')}, tfjs ${tfjs}, ${cpu}; medians of ${rounds} rounds; (2.0x): we are twice as fast`,
      )
    },
    timed: (timed) => void lines.push(...timed),
    profiled: (work, { bits }, rows) => {
      profiles.push(formatProfile(`${work}, ${bits === 32 ? 'float' : `${bits} bits`}`, rows))
    },
    endOf(kind) {
      for (const text of [kind, formatSpeedTable(lines), ...profiles]) print(text)
      lines = []
      profiles = []
    },
  }
}
