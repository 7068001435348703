import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Dataset, dataset } from './dataset.js'
import { DatasetError } from './dataset-error.js'
import { statusOf, systemCall } from './files.js'
import { decodeJpeg } from './jpeg.js'
import { resizeAndCrop } from './picture.js'
import { type Split, split } from './split.js'

export interface ImageFolderOptions {
  /** Side of the square images in pixels, 1 .. 1024. */
  readonly size: number
  /** What the shorter side is scaled to before the centre is cut out: `size` or more. Default: `size`. */
  readonly shortSide?: number
  /** Refuses a folder whose images would take more memory. Default: 2^31 bytes, 14,266 images of 224 x 224. */
  readonly largestBytes?: number
  /** Called after each image. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void
  /** Ends the reading with the signal's reason. */
  readonly signal?: AbortSignal
}

/**
 * JPEG images in folders: `directory/train/<class>/*.jpg` to train on and `directory/val/<class>/*.jpg` (or `test/`) to test
 * with; either may be absent and then has no images. Classes are the folders' names in the order of their code units, as
 * torchvision's `ImageFolder` has them; grey images become RGB. Other files are left alone.
 *
 * @throws DatasetError `NOT_FOUND` without such folders, `IMAGE` for a bad file, `MEMORY`, `FILE`, `OPTION`
 */
export async function imageFolder(directory: string, options: ImageFolderOptions): Promise<Dataset> {
  const { size, shortSide = size, largestBytes = 2 ** 31 } = options
  checkSide('size', size, 1)
  checkSide('shortSide', shortSide, size)
  const root = resolve(directory)
  const train = await listImages(join(root, 'train'))
  const test = (await listImages(join(root, 'val'))) ?? (await listImages(join(root, 'test')))
  if (!train && !test) {
    throw new DatasetError('NOT_FOUND', `${root} has no folder train, val or test; expected one with a folder a class`)
  }
  const total = (train?.length ?? 0) + (test?.length ?? 0)
  if (total === 0) throw new DatasetError('NOT_FOUND', `${root} has no .jpg or .jpeg file in any class's folder`)
  const bytes = total * size * size * 3
  if (bytes > largestBytes) {
    throw new DatasetError(
      'MEMORY',
      `${root} has ${total} images: ${bytes} bytes at size ${size}; at most ${largestBytes}`,
    )
  }

  const classes = [...new Set([...(train ?? []), ...(test ?? [])].map(({ label }) => label))].sort()
  let done = 0
  const read = async (files: readonly ImageFile[] = []): Promise<Split> => {
    const images = new Uint8Array(files.length * size * size * 3)
    const labels = classes.length > 256 ? new Uint16Array(files.length) : new Uint8Array(files.length)
    for (const [i, { path, label }] of files.entries()) {
      options.signal?.throwIfAborted()
      const picture = await decodeJpeg(new Uint8Array(await systemCall(path, readFile(path))), path)
      images.set(resizeAndCrop(picture, size, shortSide), i * size * size * 3)
      labels[i] = classes.indexOf(label)
      options.onProgress?.({ done: ++done, total })
    }
    return split({ images, labels, shape: [size, size, 3] })
  }
  const parts = { train: await read(train), test: await read(test) }
  return dataset({ name: 'image-folder', classes, shape: [size, size, 3], ...parts, source: root })
}

interface ImageFile {
  readonly path: string
  readonly label: string
}

/** Every JPEG file of every class, in order; undefined where there is no such folder. */
async function listImages(folder: string): Promise<ImageFile[] | undefined> {
  if (!(await statusOf(folder))?.isDirectory()) return undefined
  const files: ImageFile[] = []
  for (const label of (await systemCall(folder, readdir(folder))).sort()) {
    const inner = join(folder, label)
    if (label.startsWith('.') || !(await statusOf(inner))?.isDirectory()) continue
    for (const name of (await systemCall(inner, readdir(inner))).sort()) {
      if (!name.startsWith('.') && /\.jpe?g$/i.test(name)) files.push({ path: join(inner, name), label })
    }
  }
  return files
}

function checkSide(name: string, value: number, smallest: number): void {
  if (!Number.isInteger(value) || value < smallest || value > 1024) {
    throw new DatasetError('OPTION', `imageFolder() ${name} ${value}; expected ${smallest} to 1024 pixels`)
  }
}
