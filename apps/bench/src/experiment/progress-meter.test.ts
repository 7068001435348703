import { floatTraining } from '@lowbit/schedulers'
import { expect, it, vi } from 'vitest'
import { progressMeter } from './progress-meter.js'
import type { RunProgress } from './run-progress.js'

const moment = { stage: 0, name: 'float' }

it('reports the last step, with the accuracy measured before it and the epochs gone through', () => {
  const reports: RunProgress[] = []
  const meter = progressMeter({ plan: floatTraining({ steps: 40 }), stepsAnEpoch: 20 }, (progress) =>
    reports.push(progress),
  )
  meter({ type: 'stage-begin', step: 0, trainable: 1, ...moment })
  meter({ type: 'evaluated', step: 0, at: 'stage-begin', metrics: { accuracy: 0.1 }, ...moment })
  meter({ type: 'step', step: 40, loss: 1.5, learningRate: 1e-3, ...moment })
  const last = reports.at(-1)
  expect(last).toMatchObject({ step: 40, steps: 40, epoch: 2, epochs: 2, loss: 1.5, accuracy: 0.1, secondsLeft: 0 })
})

it('reports four times a second at most, and how long the rest will take at the speed so far', () => {
  vi.useFakeTimers({ toFake: ['performance'] }).advanceTimersByTime(1000)
  const reports: RunProgress[] = []
  const meter = progressMeter({ plan: floatTraining({ steps: 10_000 }), stepsAnEpoch: 100 }, (progress) =>
    reports.push(progress),
  )
  for (let step = 1; step <= 1001; step++) {
    meter({ type: 'step', step, loss: 1, learningRate: 1, ...moment })
    vi.advanceTimersByTime(1)
  }
  vi.useRealTimers()
  expect(reports.map(({ step }) => step)).toEqual([1, 251, 501, 751, 1001])
  expect(reports[4]!.secondsLeft).toBeCloseTo(8.999)
})
