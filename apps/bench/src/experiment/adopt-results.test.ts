import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { floatRun, quantizedRun, resultOf } from '../../test/example-runs.js'
import { adoptResults } from './adopt-results.js'
import { openRunFolder } from './run-folder.js'
import { type RunSpecification, runName } from './run-specification.js'

let folder: string
let made: string
let store: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lowbit-adopt-'))
  made = join(folder, 'results')
  store = join(folder, 'runs')
  await mkdir(join(made, 'weights'), { recursive: true })
})
afterEach(() => rm(folder, { recursive: true }))

const noWarning = (message: string) => expect.unreachable(message)
const weights = new TextEncoder().encode('weights of a float network')
const float = resultOf(floatRun, 0.7, { weights: createHash('sha256').update(weights).digest('hex') })
const quantized = resultOf(quantizedRun, 0.6)
const fewerBits = { ...quantizedRun, bits: 2 }

async function haveResults({ keptWeights }: { keptWeights?: Uint8Array } = {}): Promise<void> {
  await writeFile(join(made, 'a.jsonl'), `${JSON.stringify(float)}\n${JSON.stringify(quantized)}\n`)
  if (keptWeights) await writeFile(join(made, 'weights', `${runName(floatRun)}.safetensors`), keptWeights)
}

it('takes over finished runs with the weights that others start from, and leaves what is not there', async () => {
  await haveResults({ keptWeights: weights })
  expect(await adoptResults([floatRun, quantizedRun, fewerBits], made, store, noWarning)).toEqual({
    adopted: 2,
    here: 0,
  })
  const baseline = await openRunFolder(store, floatRun)
  expect(await baseline.readResult()).toEqual(float)
  expect(new Uint8Array((await baseline.readWeights())!)).toEqual(weights)
  expect(await (await openRunFolder(store, quantizedRun)).readResult()).toEqual(quantized)
  expect(await (await openRunFolder(store, fewerBits)).readResult()).toBeUndefined()
})

it('counts what it takes over now apart from what was here', async () => {
  await haveResults({ keptWeights: weights })
  const adopt = (...runs: RunSpecification[]) => adoptResults(runs, made, store, noWarning)
  expect(await adopt(floatRun, fewerBits)).toEqual({ adopted: 1, here: 0 })
  expect(await adopt(floatRun, quantizedRun, fewerBits)).toEqual({ adopted: 1, here: 1 })
  expect(await adopt(floatRun, quantizedRun, fewerBits)).toEqual({ adopted: 0, here: 2 })
  await (await openRunFolder(store, fewerBits)).writeResult(resultOf(fewerBits, 0.5))
  expect(await adopt(floatRun, quantizedRun, fewerBits)).toEqual({ adopted: 0, here: 3 })
})

it('takes over no quantized run without its float network', async () => {
  await haveResults()
  expect(await adoptResults([floatRun, quantizedRun], made, store, noWarning)).toEqual({
    adopted: 0,
    here: 0,
  })
  expect(await (await openRunFolder(store, quantizedRun)).readResult()).toBeUndefined()
})

it('mixes nothing with a float network of the same run that was trained here', async () => {
  await haveResults({ keptWeights: weights })
  const own = { ...float, weights: 'others' }
  await (await openRunFolder(store, floatRun)).writeResult(own)
  const warnings: string[] = []
  expect(await adoptResults([floatRun, quantizedRun], made, store, (warning) => warnings.push(warning))).toEqual({
    adopted: 0,
    here: 1,
  })
  expect(warnings).toEqual([expect.stringContaining('CNN6 float seed 1')])
  expect(await (await openRunFolder(store, floatRun)).readResult()).toEqual(own)
  expect(await (await openRunFolder(store, quantizedRun)).readResult()).toBeUndefined()
})

it('refuses weights that are not those of the result', async () => {
  await haveResults({ keptWeights: weights.slice(1) })
  await expect(adoptResults([floatRun], made, store, noWarning)).rejects.toMatchObject({
    code: 'RESULTS',
    message: expect.stringContaining(`weights/${runName(floatRun)}.safetensors: sha256 is`),
  })
  expect(await (await openRunFolder(store, floatRun)).readResult()).toBeUndefined()
})
