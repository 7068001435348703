import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { floatRun, quantizedRun, resultOf } from '../../test/example-runs.js'
import type { MethodSettings } from '../methods/settings.js'
import { type LoggedEvent, openRunFolder } from './run-folder.js'
import { type QuantizedRun, runName } from './run-specification.js'

let store: string
beforeEach(async () => {
  store = await mkdtemp(join(tmpdir(), 'lowbit-runs-'))
})
afterEach(() => rm(store, { recursive: true }))

const event = (step: number): LoggedEvent => ({ type: 'step', step, stage: 0, name: 'float', loss: 1, learningRate: 1 })

it('lies where its name says and gives back what was put in', async () => {
  const folder = await openRunFolder(store, floatRun)
  expect(folder.path).toBe(join(store, runName(floatRun)))
  expect(await folder.readCheckpoint()).toBeUndefined()
  expect(await folder.readWeights()).toBeUndefined()
  expect(await folder.readResult()).toBeUndefined()
  await folder.writeWeights(new Uint8Array([0, 1, 2, 3]).subarray(1))
  await folder.writeResult(resultOf(floatRun, 0.5))
  const again = await openRunFolder(store, floatRun)
  expect([...(await again.readWeights())!]).toEqual([1, 2, 3])
  expect(await again.readResult()).toEqual(resultOf(floatRun, 0.5))
})

it('goes on from the last checkpoint with the log as it stood then', async () => {
  const folder = await openRunFolder(store, floatRun)
  await folder.append(event(1))
  await folder.writeCheckpoint(new Uint8Array([1]), { step: 1, seconds: 10 })
  await folder.append(event(2))
  await folder.writeCheckpoint(new Uint8Array([2]), { step: 2, seconds: 20 })
  await folder.append(event(2))
  await folder.append(event(3))
  const log = join(folder.path, 'events.jsonl')
  await writeFile(log, `${await readFile(log, 'utf8')}{"type":"checkpoint","step":4,"seconds":30}\n{"type":"st`)

  const again = await openRunFolder(store, floatRun)
  const checkpoint = await again.readCheckpoint()
  expect(checkpoint?.seconds).toBe(20)
  expect([...checkpoint!.bytes]).toEqual([2])
  expect(await again.readEvents()).toEqual([event(1), event(2)])
})

it('goes on from the last checkpoint that has a line, and removes the others with the next one', async () => {
  const folder = await openRunFolder(store, floatRun)
  await folder.writeCheckpoint(new Uint8Array([1]), { step: 200, seconds: 10 })
  // What a power cut can leave: the file of a checkpoint, but not its line.
  await writeFile(join(folder.path, 'checkpoint-600.safetensors'), new Uint8Array([6]))
  expect([...(await folder.readCheckpoint())!.bytes]).toEqual([1])
  await folder.writeCheckpoint(new Uint8Array([4]), { step: 400, seconds: 20 })
  expect([...(await folder.readCheckpoint())!.bytes]).toEqual([4])
  expect((await readdir(folder.path)).filter((name) => name.startsWith('checkpoint'))).toEqual([
    'checkpoint-400.safetensors',
  ])
})

it.each([
  'null',
  '{"type":"checkpoint","step":1}',
  '{"type":"evaluated","step":1,"stage":0,"at":"step","metrics":{"accuracy":"high"}}',
  '{"type":"stage-end","step":1}',
  '{"type":"step","step":-1}',
])('names file and line of what is no event: %s', async (line) => {
  const folder = await openRunFolder(store, floatRun)
  await folder.append(event(1))
  const log = join(folder.path, 'events.jsonl')
  await writeFile(log, `${await readFile(log, 'utf8')}${line}\n`)
  await expect(folder.readEvents()).rejects.toThrow(/events\.jsonl, line 2: expected an event; /)
})

it('starts over where nothing was checkpointed', async () => {
  const folder = await openRunFolder(store, floatRun)
  await folder.append(event(1))
  expect(await folder.readCheckpoint()).toBeUndefined()
  expect(await folder.readEvents()).toEqual([])
})

it.each(['{}', JSON.stringify({ ...floatRun, seed: 2 }), '{"kind":', 'null'])(
  'refuses a folder that holds another run: %s',
  async (other) => {
    const folder = await openRunFolder(store, floatRun)
    await writeFile(join(folder.path, 'run.json'), other)
    await expect(openRunFolder(store, floatRun)).rejects.toThrow(/run\.json holds another run/)
  },
)

it('goes on with a run whose settings were given in another order', async () => {
  const withSettings = (settings: MethodSettings): QuantizedRun => ({ ...quantizedRun, settings })
  const folder = await openRunFolder(store, withSettings({ wholeShare: 0.25, order: 'backward' }))
  await folder.writeResult(resultOf(quantizedRun, 0.5))
  const again = await openRunFolder(store, withSettings({ order: 'backward', wholeShare: 0.25 }))
  expect(await again.readResult()).toEqual(resultOf(quantizedRun, 0.5))
})
