import { fileURLToPath } from 'node:url'
import { versionOf } from '../../version-of.js'
import { type LineProcess, openLineProcess } from '../line-process.js'
import type { OpenPeer, Peer } from '../speed-work.js'
import type { StepProcessOptions } from './serve-steps.js'
import type { TrainingSetting } from './training-setting.js'

/** Starts a process that makes training steps with kernels of ours, or with tfjs's own; `flags` are the engine's. */
export function openStepProcess(options: StepProcessOptions, flags: readonly string[] = []): Promise<LineProcess> {
  const program = fileURLToPath(new URL('./step-process.js', import.meta.url))
  return openLineProcess(process.execPath, [...process.execArgv, ...flags, program, JSON.stringify(options)])
}

/** Milliseconds of one step in a process that answers `step`. */
export const stepTime = async (steps: LineProcess) => Number(await steps.ask('step'))

/** Others that train the same network: tfjs as it is, and PyTorch in its usual layout of images and in the other. */
export function trainingPeers(setting: TrainingSetting, threads: number): readonly Peer[] {
  return [
    {
      name: 'tfjs-wasm-stock',
      open: async () =>
        stepper(await openStepProcess({ setting, kernels: 'stock', stepsATime: 1 }), versionOf('@tensorflow/tfjs')),
    },
    { name: 'pytorch', open: () => openPyTorch(setting, threads, []) },
    { name: 'pytorch-channels-last', open: () => openPyTorch(setting, threads, ['--channels-last']) },
  ]
}

async function openPyTorch(
  { network, bits, batch }: TrainingSetting,
  threads: number,
  layout: readonly string[],
): Promise<OpenPeer> {
  const script = fileURLToPath(new URL('../../../peers/torch_step.py', import.meta.url))
  const numbers = Object.entries({ bits, batch, threads }).flatMap(([name, value]) => [`--${name}`, String(value)])
  const python = await openPython([script, '--net', network, ...numbers, ...layout])
  return stepper(python, String(python.hello.version))
}

/** The Python of the search path, or the system's: Debian's PyTorch is found by the latter alone. */
async function openPython(args: readonly string[]): Promise<LineProcess> {
  try {
    return await openLineProcess('python3', args)
  } catch {
    return openLineProcess('/usr/bin/python3', args)
  }
}

const stepper = (steps: LineProcess, version: string): OpenPeer => ({
  version,
  measure: () => stepTime(steps),
  close: () => steps.close(),
})
