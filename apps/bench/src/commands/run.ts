import { basename, dirname, join, resolve } from 'node:path'
import { Command } from 'commander'
import { BenchError } from '../bench-error.js'
import { executeRun } from '../experiment/execute-run.js'
import { misfitOf } from '../experiment/misfit.js'
import { parseJson } from '../experiment/parse-json.js'
import { readTextIfThere } from '../experiment/read-file.js'
import type { RunResult } from '../experiment/run-result.js'
import { type RunSpecification, runName } from '../experiment/run-specification.js'
import { runnableSchema } from '../experiment/runnable-schema.js'
import { parseNumber } from './lists.js'

/** `lowbit-bench run <folder>`: carries one run out in this process, from the specification in its folder. */
export function runCommand(): Command {
  return new Command('run')
    .description('carries out, or goes on with, the one run whose run.json lies in a folder')
    .argument('<folder>', 'a run folder, as `reproduce` makes them')
    .option('--checkpoint-every <steps>', 'optimizer steps between checkpoints', '200')
    .action(async (folder: string, options: { checkpointEvery: string }) => {
      const checkpointEvery = parseNumber(options.checkpointEvery, '--checkpoint-every', {
        minimum: 1,
        maximum: 1e6,
      })
      // Whoever started this run is gone: the one that is started next goes on from the last checkpoint.
      const abandoned = () => process.exit(1)
      process.once('disconnect', abandoned)
      try {
        const result = await carriedOut(resolve(folder), checkpointEvery)
        process.stdout.write(`${JSON.stringify(result)}\n`)
      } finally {
        process.off('disconnect', abandoned)
        // An open channel would keep this process alive, also where the run failed.
        if (process.connected) process.disconnect()
      }
    })
}

async function carriedOut(folder: string, checkpointEvery: number): Promise<RunResult> {
  const run = await readSpecification(join(folder, 'run.json'))
  if (basename(folder) !== runName(run))
    throw new BenchError('RUN', `${folder}: expected a folder named ${runName(run)}, as its run.json makes it`)
  return executeRun(run, dirname(folder), (progress) => process.send?.(progress), { checkpointEvery })
}

async function readSpecification(path: string): Promise<RunSpecification> {
  const refuse = (why: string): never => {
    throw new BenchError('RUN', `${path}: expected the specification of a run; ${why}`)
  }
  const text = (await readTextIfThere(path)) ?? refuse('there is no such file')
  const run = parseJson(text) ?? refuse('it is not JSON')
  const misfit = misfitOf(run, runnableSchema)
  return misfit ? refuse(misfit) : (run as RunSpecification)
}
