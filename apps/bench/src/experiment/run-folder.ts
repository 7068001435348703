import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { TrainingEvent } from '@lowbit/schedulers'
import { BenchError } from '../bench-error.js'
import { checkedResult } from './check-result.js'
import { readJsonLines } from './json-lines.js'
import { logLineSchema } from './log-line-schema.js'
import { misfitOf } from './misfit.js'
import { parseJson } from './parse-json.js'
import { readIfThere, readTextIfThere } from './read-file.js'
import type { RunResult } from './run-result.js'
import { type RunSpecification, runName } from './run-specification.js'
import { specificationSchema } from './specification-schema.js'
import { appendJsonLine, writeWhole } from './write-file.js'

/** What one run leaves behind: its specification, appended events, the last checkpoint, and in the end weights and result. */
export interface RunFolder {
  readonly path: string
  readonly name: string
  /** Appends one event as a JSON line. */
  append(event: LoggedEvent): Promise<void>
  readEvents(): Promise<LoggedEvent[]>
  /** The last checkpoint; the log is cut back to where it stood then, for what follows belongs to work that was lost. */
  readCheckpoint(): Promise<{ bytes: Uint8Array; seconds: number } | undefined>
  writeCheckpoint(bytes: Uint8Array, at: { step: number; seconds: number }): Promise<void>
  readWeights(): Promise<Uint8Array | undefined>
  writeWeights(bytes: Uint8Array): Promise<void>
  readResult(): Promise<RunResult | undefined>
  /** Written last: a run with a result is finished. */
  writeResult(result: RunResult): Promise<void>
}

/** The line that stands in the log where a checkpoint was written. */
interface CheckpointLine {
  readonly type: 'checkpoint'
  readonly step: number
  /** Of computing so far. */
  readonly seconds: number
}

/** Checkpoints lie in files of their own. */
export type LoggedEvent = Exclude<TrainingEvent, { type: 'checkpoint' }>
type LogLine = LoggedEvent | CheckpointLine

/** Opens, and makes where it is missing, the folder of a run below `store`. Errors: `RUN` where it holds another run. */
export async function openRunFolder(store: string, run: RunSpecification): Promise<RunFolder> {
  const name = runName(run)
  const path = join(store, name)
  const file = (leaf: string) => join(path, leaf)
  await mkdir(path, { recursive: true })
  const specification = `${JSON.stringify(run, null, 2)}\n`
  const known = await readTextIfThere(file('run.json'))
  if (known === undefined) await writeWhole(file('run.json'), specification)
  else if (!isNamed(name, known))
    throw new BenchError('RUN', `${file('run.json')} holds another run: move the folder away and start again`)

  const writeLine = (line: LogLine) => appendJsonLine(file('events.jsonl'), line)
  const readLog = async () =>
    (await readJsonLines(file('events.jsonl'))).values.map((value, index) => {
      const misfit = misfitOf(value, logLineSchema)
      if (misfit)
        throw new BenchError('RUN', `${file('events.jsonl')}, line ${index + 1}: expected an event; ${misfit}`)
      return value as LogLine
    })

  return {
    path,
    name,
    append: writeLine,
    async readEvents() {
      return (await readLog()).filter((line) => line.type !== 'checkpoint')
    },
    async readCheckpoint() {
      const steps = await checkpointSteps(path)
      const lines = await readLog()
      const kept = lines.slice(0, lines.findLastIndex((line) => isCheckpoint(line) && steps.includes(line.step)) + 1)
      await writeWhole(file('events.jsonl'), kept.map((line) => `${JSON.stringify(line)}\n`).join(''))
      const last = kept.at(-1)
      if (last === undefined || !isCheckpoint(last)) return undefined
      return { bytes: await readFile(file(checkpointName(last.step))), seconds: last.seconds }
    },
    async writeCheckpoint(bytes, { step, seconds }) {
      // The line first: without its file it is passed over, a file without its line would have no place in the log.
      await writeLine({ type: 'checkpoint', step, seconds })
      await writeWhole(file(checkpointName(step)), bytes)
      for (const other of await checkpointSteps(path)) if (other !== step) await rm(file(checkpointName(other)))
    },
    readWeights: () => readIfThere(file('weights.safetensors')),
    writeWeights: (bytes) => writeWhole(file('weights.safetensors'), bytes),
    async readResult() {
      const text = await readTextIfThere(file('result.json'))
      return text === undefined ? undefined : checkedResult(parseJson(text), file('result.json'))
    },
    writeResult: (result) => writeWhole(file('result.json'), `${JSON.stringify(result)}\n`),
  }
}

/** By its hash, not its text: the order in which settings were given makes no other run. */
function isNamed(name: string, specification: string): boolean {
  const run = parseJson(specification)
  return misfitOf(run, specificationSchema) === undefined && runName(run as RunSpecification) === name
}

const isCheckpoint = (line: LogLine): line is CheckpointLine => line.type === 'checkpoint'
const checkpointName = (step: number) => `checkpoint-${step}.safetensors`

/** Steps of which there is a checkpoint. */
async function checkpointSteps(folder: string): Promise<number[]> {
  const steps = (await readdir(folder)).map((name) => /^checkpoint-(\d+)\.safetensors$/.exec(name)?.[1])
  return steps.filter((step) => step !== undefined).map(Number)
}
