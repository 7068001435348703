import { readFileSync } from 'node:fs'
import { quantizedLayers, quantizeModel } from '@lowbit/quantizers/tfjs'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { type Batches, formatPlan, neuronByNeuron, train } from '../src/index.js'
import { toyBatches, toyNetwork } from './toy-problem.js'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
const [usage, ownSchedule, ownLoop] = [...read('../README.md').matchAll(/```ts\n([\s\S]*?)```/g)].map(
  ([, code]) => code!,
)

async function example(floatModel: tf.LayersModel, batches: Batches): Promise<void> {
  const model = quantizeModel(floatModel, { bits: 3, float: ['stem', 'classifier'] })
  const plan = neuronByNeuron(quantizedLayers(model), { steps: 400, groups: 4 }) // data: print it, save it, edit it
  console.log(formatPlan(plan))
  for await (const event of train(model, plan, batches, { learningRate: 1e-3 })) {
    if (event.type === 'step') console.log(event.name, event.step, event.loss)
  }
}

describe('README', () => {
  beforeAll(() => tf.setBackend('cpu'))

  it('shows the code below, which runs, in at most 15 lines', async () => {
    const lines = usage!.trim().split('\n')
    expect(lines.length).toBeLessThanOrEqual(15)
    const here = read('./readme.test.ts')
      .split('\n')
      .map((line) => line.trim())
    for (const line of lines.filter((line) => !line.startsWith('import '))) expect(here).toContain(line.trim())

    const log = vi.spyOn(console, 'log').mockReturnValue()
    await example(toyNetwork(), toyBatches())
    expect(log.mock.calls[0]![0]).toContain('neuron: 400 steps in 13 stages')
    expect(log.mock.calls.at(-1)).toEqual(['whole', 400, expect.any(Number)])
    log.mockRestore()
  })

  it('shows the schedule of one’s own that the conformance suite takes', () => {
    expect(read('./outside-in.ts')).toContain(ownSchedule)
  })

  it('shows the loop of one’s own that is held against train()', () => {
    const indented = ownLoop!.replace(/^(?=.)/gm, '  ')
    expect(read('./own-loop.ts')).toContain(indented)
  })
})
