import { cifar10, type Dataset, DatasetError, generated, holdOut, type Split, take } from '@lowbit/datasets'
import { BenchError } from '../bench-error.js'
import type { Profile } from './profile.js'
import type { DataReference } from './run-specification.js'

export type DataName = 'cifar10' | 'generated'

/** What a run trains on, is watched by, and is judged by. */
export interface RunData extends SeenData {
  readonly test: Split
}

/** What a run may look at before it is judged. */
export interface SeenData {
  readonly training: Split
  readonly heldOut: Split
}

/**
 * Finds the data once, before any run starts (in `directory` if given), and names it by its content. `auto` takes CIFAR-10 where it can be had, else
 * says so in one line and takes the generated set.
 */
export async function findData(
  name: DataName | 'auto',
  { trainingImages, heldOutImages }: Pick<Profile, 'trainingImages' | 'heldOutImages'>,
  {
    directory,
    log,
    signal,
  }: {
    readonly directory?: string | undefined
    readonly log: (line: string) => void
    readonly signal?: AbortSignal
  },
): Promise<DataReference> {
  const refer = (reference: DataReference['name'], { checksum, train }: Dataset): DataReference => ({
    name: reference,
    checksum,
    trainingImages: Math.min(trainingImages, train.size),
    heldOutImages,
  })
  if (name === 'generated') return refer('generated', builtIn(trainingImages))
  try {
    return refer('cifar-10', await cifar10({ directory, signal, onProgress: downloadProgress(log) }))
  } catch (error) {
    signal?.throwIfAborted()
    // Data that was pointed at, or that is there and damaged, is never passed over in silence.
    const absent = error instanceof DatasetError && (error.code === 'UNAVAILABLE' || error.code === 'DOWNLOAD')
    if (name === 'cifar10' || !absent || directory) throw error
    log(`CIFAR-10 is not at hand and can't be downloaded (${error.message}): this runs on the generated set.`)
    return refer('generated', builtIn(trainingImages))
  }
}

/** Opens the data a run names. Errors: `RUN` where what is found is not what the run was defined on. */
export async function openData(reference: DataReference, seed: number): Promise<RunData> {
  const dataset =
    reference.name === 'generated' ? builtIn(reference.trainingImages) : await cifar10({ download: false })
  if (dataset.checksum !== reference.checksum)
    throw new BenchError('RUN', `${dataset.source}: checksum ${dataset.checksum}, expected ${reference.checksum}`)
  const { trainingImages, heldOutImages } = reference
  const used = trainingImages === 0 ? dataset.train : take(dataset.train, trainingImages)
  const [training, heldOut] = holdOut(used, { size: heldOutImages, seed })
  return { training, heldOut, test: dataset.test }
}

/** The built-in set, the same images everywhere: of those to train on only as many as are used are painted, 0 for all. */
const builtIn = (trainingImages: number): Dataset =>
  generated({ seed: 0, train: Math.min(trainingImages || 12_000, 12_000), test: 3_000 })

function downloadProgress(log: (line: string) => void) {
  let last = 0
  return ({ received, total }: { received: number; total: number }) => {
    if (Date.now() - last < 5_000) return
    last = Date.now()
    log(`downloading CIFAR-10: ${(received / 1e6).toFixed(0)} of ${(total / 1e6).toFixed(0)} MB`)
  }
}
