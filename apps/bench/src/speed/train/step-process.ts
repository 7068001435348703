// A process of its own for one way to train one network: a peer's kernels must not meet ours, nor what V8 learned of them.
import { useFastestEngine } from '../../engine.js'
import type { StepProcessOptions } from './serve-steps.js'

useFastestEngine()
try {
  // tfjs reads the engine's features when it is loaded, so everything that imports it comes after the flags above.
  const { serveSteps } = await import('./serve-steps.js')
  await serveSteps(JSON.parse(process.argv[2] ?? '') as StepProcessOptions)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
}
