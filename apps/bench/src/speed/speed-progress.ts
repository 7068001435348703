import { createLogUpdate } from 'log-update'

/** Shows what is being timed. */
export interface SpeedProgress {
  /** What goes on now: redrawn in place on a terminal, not shown elsewhere. */
  now(line: string): void
  /** A line that stays. */
  note(line: string): void
  stop(): void
}

export function speedProgress(stream: NodeJS.WriteStream): SpeedProgress {
  const note = (line: string) => void stream.write(`${line}\n`)
  if (!stream.isTTY) return { now: () => {}, note, stop: () => {} }
  const update = createLogUpdate(stream)
  return {
    now: (line) => update(line.slice(0, stream.columns)),
    note(line) {
      update.clear()
      note(line)
    },
    stop: () => update.clear(),
  }
}
