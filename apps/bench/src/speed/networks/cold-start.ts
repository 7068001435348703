import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { median } from 'simple-statistics'
import { BenchError } from '../../bench-error.js'

const PROCESSES = 5

/** Built, also where this is not. */
const program = fileURLToPath(new URL('../../../dist/speed/networks/cold-process.js', import.meta.url))

/**
 * Milliseconds from `IntegerNetwork.load` to the first result, where nothing was loaded or compiled before: the median over
 * new processes. Reading the file and starting the engine are not counted.
 *
 * @param flags that the engine is started with
 */
export async function coldStart(
  file: Uint8Array,
  images: Float32Array,
  flags: readonly string[] = [],
): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'lowbit-cold-'))
  try {
    const paths = [join(folder, 'network'), join(folder, 'images')] as const
    await writeFile(paths[0], file)
    await writeFile(paths[1], new Uint8Array(images.buffer, images.byteOffset, images.byteLength))
    const times: number[] = []
    for (let i = 0; i < PROCESSES; i++) times.push(await firstResult([...flags, program, ...paths]))
    return median(times)
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function firstResult(given: readonly string[]): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, given)
  const { ms, finite } = JSON.parse(stdout) as { ms: number; finite: boolean }
  if (!finite) throw new BenchError('RUN', 'a new process computed logits that are no numbers')
  return ms
}
