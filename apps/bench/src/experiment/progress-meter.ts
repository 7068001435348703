import { type Plan, type TrainingEvent, totalSteps } from '@lowbit/schedulers'
import type { RunProgress } from './run-progress.js'

/** Turns the events of training into reports of progress, four a second at most. */
export function progressMeter(
  { plan, stepsAnEpoch }: { readonly plan: Plan; readonly stepsAnEpoch: number },
  report: (progress: RunProgress) => void,
): (event: TrainingEvent) => void {
  const steps = totalSteps(plan)
  let accuracy: number | undefined
  let first: { step: number; time: number } | undefined
  let last = 0
  return (event) => {
    const now = performance.now()
    first ??= { step: event.step, time: now }
    if (event.type === 'evaluated') accuracy = event.metrics.accuracy
    if (event.type !== 'step' || (now - last < 250 && event.step < steps)) return
    last = now
    const millisecondsAStep = (now - first.time) / Math.max(1, event.step - first.step)
    const secondsLeft = ((steps - event.step) * millisecondsAStep) / 1000
    report({
      step: event.step,
      steps,
      epoch: event.step / stepsAnEpoch,
      epochs: steps / stepsAnEpoch,
      stage: event.stage,
      stages: plan.stages.length,
      loss: event.loss,
      accuracy,
      secondsLeft,
    })
  }
}
