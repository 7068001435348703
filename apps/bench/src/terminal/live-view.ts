import { createLogUpdate } from 'log-update'
import color from 'picocolors'
import type { RunProgress } from '../experiment/run-progress.js'
import { describeRun, type RunSpecification, runName } from '../experiment/run-specification.js'
import { formatDuration } from './duration.js'

/** Shows all runs at once: those under way with a line of their own, the others as a count. */
export interface LiveView {
  progress(run: RunSpecification, progress: RunProgress): void
  finished(run: RunSpecification, line: string): void
  stop(): void
}

/** Where lines are written, which is a terminal or not. */
type Terminal = NodeJS.WritableStream & { readonly isTTY?: boolean }

/** On a terminal the lines are redrawn in place; elsewhere each run reports every ten seconds. */
export function liveView(runs: readonly RunSpecification[], stream: Terminal): LiveView {
  return stream.isTTY ? redrawn(runs, stream) : printed(runs, stream)
}

function redrawn(runs: readonly RunSpecification[], stream: Terminal): LiveView {
  const update = createLogUpdate(stream)
  const active = new Map<string, string>()
  const began = Date.now()
  let done = 0
  const draw = () => {
    const elapsed = formatDuration((Date.now() - began) / 1000)
    const summary = color.dim(`${done} of ${runs.length} runs done, ${elapsed}`)
    update([...active.values(), summary].map((line) => line.slice(0, 400)).join('\n'))
  }
  const timer = setInterval(draw, 200)
  const keep = (line: string) => {
    update.clear()
    stream.write(`${line}\n`)
    draw()
  }
  return {
    progress: (run, progress) => {
      active.set(runName(run), `${bar(progress)} ${progressLine(run, progress)}`)
    },
    finished(run, line) {
      active.delete(runName(run))
      done++
      keep(`${color.green('✓')} ${line}`)
    },
    stop() {
      clearInterval(timer)
      update.clear()
    },
  }
}

function printed(runs: readonly RunSpecification[], stream: Terminal): LiveView {
  const last = new Map<string, number>()
  let done = 0
  return {
    progress(run, progress) {
      const name = runName(run)
      if (Date.now() - (last.get(name) ?? 0) < 10_000) return
      last.set(name, Date.now())
      stream.write(`${progressLine(run, progress)}\n`)
    },
    finished(_run, line) {
      done++
      stream.write(`${line} (${done} of ${runs.length})\n`)
    },
    stop() {},
  }
}

function progressLine(run: RunSpecification, progress: RunProgress): string {
  const { step, steps, epoch, epochs, stage, stages, loss, accuracy, secondsLeft } = progress
  const digits = epochs < 1 ? 2 : 1
  const parts = [
    describeRun(run).padEnd(26),
    `epoch ${epoch.toFixed(digits)}/${Number(epochs.toFixed(digits))}`,
    `step ${step}/${steps}`,
    stages > 1 ? `stage ${stage + 1}/${stages}` : undefined,
    `loss ${loss.toFixed(3)}`,
    accuracy === undefined ? undefined : `held-out ${(100 * accuracy).toFixed(1)} %`,
    `${formatDuration(secondsLeft)} left`,
  ]
  return parts.filter((part) => part !== undefined).join('  ')
}

function bar({ step, steps }: RunProgress): string {
  const filled = Math.round((20 * step) / Math.max(1, steps))
  return `${color.cyan('█'.repeat(filled))}${color.dim('░'.repeat(20 - filled))}`
}
