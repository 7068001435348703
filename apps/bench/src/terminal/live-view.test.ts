import { PassThrough } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { floatRun, quantizedRun } from '../../test/example-runs.js'
import type { RunProgress } from '../experiment/run-progress.js'
import { liveView } from './live-view.js'

const progress: RunProgress = {
  ...{ step: 45, steps: 450, epoch: 0.025, epochs: 0.25, stage: 0, stages: 1 },
  ...{ loss: 1.5, accuracy: undefined, secondsLeft: 75 },
}

/** A stream that is a terminal or not, and what has been written to it. */
function stream(isTTY: boolean) {
  const written: string[] = []
  const through = new PassThrough().on('data', (bytes) => written.push(stripVTControlCharacters(String(bytes))))
  const stream = Object.assign(through, { isTTY, columns: 200, rows: 20 })
  return { stream, written }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('prints a line of each run every ten seconds where it cannot redraw', () => {
  const { stream: output, written } = stream(false)
  const view = liveView([floatRun, quantizedRun], output)
  view.progress(floatRun, progress)
  view.progress(quantizedRun, { ...progress, stage: 1, stages: 6, accuracy: 0.7125 })
  view.progress(floatRun, { ...progress, step: 90 })
  expect(written).toEqual([
    'CNN6 float seed 1           epoch 0.03/0.25  step 45/450  loss 1.500  1:15 left\n',
    'CNN6 3-bit neuron seed 1    epoch 0.03/0.25  step 45/450  stage 2/6  loss 1.500  held-out 71.3 %  1:15 left\n',
  ])
  vi.advanceTimersByTime(10_000)
  view.progress(floatRun, { ...progress, step: 135, epoch: 12.25, epochs: 16 })
  expect(written[2]).toBe('CNN6 float seed 1           epoch 12.3/16  step 135/450  loss 1.500  1:15 left\n')
})

it('counts what is done', () => {
  const { stream: output, written } = stream(false)
  const view = liveView([floatRun, quantizedRun], output)
  view.finished(floatRun, 'CNN6 float seed 1  70 %')
  view.finished(quantizedRun, 'CNN6 3-bit neuron seed 1  68 %')
  expect(written).toEqual(['CNN6 float seed 1  70 % (1 of 2)\n', 'CNN6 3-bit neuron seed 1  68 % (2 of 2)\n'])
})

it('redraws the runs under way on a terminal, and keeps what is said of those that ended', () => {
  const { stream: output, written } = stream(true)
  const view = liveView([floatRun, quantizedRun], output)
  view.progress(floatRun, progress)
  view.progress(quantizedRun, progress)
  vi.advanceTimersByTime(200)
  const drawn = written.join('')
  expect(drawn).toContain('██░░░░░░░░░░░░░░░░░░ CNN6 float seed 1')
  expect(drawn).toContain('CNN6 3-bit neuron seed 1')
  expect(drawn).toContain('0 of 2 runs done, 0 s')
  written.length = 0
  view.finished(floatRun, 'CNN6 float seed 1  70 %')
  view.stop()
  const after = written.join('')
  expect(after).toContain('✓ CNN6 float seed 1  70 %\n')
  expect(after).toContain('1 of 2 runs done')
  expect(after).not.toContain('░ CNN6 float seed 1')
})
