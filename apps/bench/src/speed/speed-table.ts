import Table from 'cli-table3'
import type { SpeedLine } from './speed-line.js'
import type { ProfileRow } from './speed-work.js'

interface Column {
  readonly head: string
  readonly cell: (lines: readonly SpeedLine[]) => string
}

/** Speed lines as a table for a terminal: a row for each work and width, with its peers side by side. */
export function formatSpeedTable(lines: readonly SpeedLine[]): string {
  const rows = rowsOf(lines)
  const peers = [...new Set(lines.map(({ peer }) => peer))].filter((peer) => peer !== null)
  const columns: Column[] = [
    { head: 'work', cell: ([line]) => line!.work },
    { head: 'bits', cell: ([line]) => (line!.bits === 32 ? 'float' : String(line!.bits)) },
    { head: 'ms', cell: ([line]) => digits(line!.ms) },
    ...factColumns.filter(({ cell }) => rows.some((row) => cell(row) !== '')),
    ...peers.map((peer) => ({ head: `${peer}, ms`, cell: besides(peer) })),
  ]
  return table(
    columns.map(({ head }) => head),
    rows.map((row) => columns.map(({ cell }) => cell(row))),
  )
}

/** Lines that differ in nothing but their peer. */
function rowsOf(lines: readonly SpeedLine[]): SpeedLine[][] {
  const rows = new Map<string, SpeedLine[]>()
  for (const line of lines) {
    const key = `${line.work} ${line.bits} ${line.path} ${line.threads}`
    rows.set(key, [...(rows.get(key) ?? []), line])
  }
  return [...rows.values()]
}

const factColumns: readonly Column[] = [
  { head: 'GFLOP/s', cell: ([line]) => line!.gflops?.toFixed(1) ?? '' },
  { head: 'of limit', cell: ([line]) => (line!.limitShare === undefined ? '' : percent(line!.limitShare)) },
  { head: 'GMAC/s', cell: ([line]) => line!.gmacs?.toFixed(1) ?? '' },
  { head: 'off by', cell: ([line]) => line!.offBy?.toExponential(0) ?? '' },
  { head: 'cold, ms', cell: ([line]) => line!.coldMs?.toFixed(1) ?? '' },
  { head: 'file, KiB', cell: ([line]) => line!.fileKiB?.toFixed(0) ?? '' },
  { head: 'heap, MiB', cell: ([line]) => line!.heapMiB?.toFixed(0) ?? '' },
]

/** `229.1 (4.2x)`: the peer's time, and how many times ours it is. */
const besides = (peer: string) => (lines: readonly SpeedLine[]) => {
  const line = lines.find((candidate) => candidate.peer === peer)
  return line?.peerMs == null || line.ratio === null ? '' : `${digits(line.peerMs)} (${digits(line.ratio)}x)`
}

/** Where the time of a work goes, dearest kernels first. */
export function formatProfile(title: string, rows: readonly ProfileRow[]): string {
  return table(
    [title, 'calls', 'ms', 'share'],
    rows.map(({ kernel, calls, ms, share }) => [
      kernel,
      calls === 0 ? '' : String(Math.round(calls)),
      ms.toFixed(3),
      percent(share),
    ]),
  )
}

/** Names to the left, figures to the right; no lines between the rows, of which there are many. */
function table(head: string[], rows: string[][]): string {
  const made = new Table({
    head,
    colAligns: head.map((_, i) => (i === 0 ? 'left' : 'right')),
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    style: { head: [], border: [] },
  })
  made.push(...rows)
  return made.toString()
}

/** Three digits that count, never as a power of ten. */
const digits = (value: number) => value.toFixed(Math.max(0, 2 - Math.floor(Math.log10(value))))
const percent = (share: number) => `${(100 * share).toFixed(0)} %`
