import { createInterface } from 'node:readline'
import { profileKernels } from './kernel-profile.js'
import { openTrainingLoop, type TrainingKernelSet } from './training-loop.js'
import type { TrainingSetting } from './training-setting.js'

/** What a step process is started with. */
export interface StepProcessOptions {
  readonly setting: TrainingSetting
  readonly kernels: TrainingKernelSet
  /** Steps done for one answer. */
  readonly stepsATime: number
}

/** Answers' worth of steps over which a profile is averaged. */
const PROFILED = 5

/**
 * Answers lines on stdin: `step` with the milliseconds of a step, `heap` with bytes of WebAssembly memory, `profile` with the
 * kernels' times as JSON. Its first line is JSON: the path of the arithmetic and the operations of a step.
 */
export async function serveSteps({ setting, kernels, stepsATime }: StepProcessOptions): Promise<void> {
  const loop = await openTrainingLoop(setting, kernels, stepsATime)
  const answers: Readonly<Record<string, () => Promise<string>>> = {
    step: async () => String(await loop.advance()),
    heap: async () => String(loop.heapBytes()),
    profile: async () =>
      JSON.stringify(
        await profileKernels('wasm', PROFILED * stepsATime, async () => {
          for (let i = 0; i < PROFILED; i++) await loop.advance()
        }),
      ),
  }
  const say = (line: string) => process.stdout.write(`${line}\n`)
  say(JSON.stringify({ path: loop.path, flops: loop.flopsOfStep }))
  for await (const line of createInterface({ input: process.stdin })) {
    const answer = answers[line]
    if (!answer) throw new Error(`step process: got ${line}, expected ${Object.keys(answers).join(', ')}`)
    say(await answer())
  }
}
