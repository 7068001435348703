import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { jpegOf } from '../test/jpeg-files.js'
import { temporaryFolder } from '../test/temporary-folder.js'
import { imageFolder } from './image-folder.js'

const red = jpegOf(40, 30, [250, 10, 10])
const grey = jpegOf(30, 50, [100, 100, 100], { grey: true })

function folderOf(files: Record<string, Uint8Array>): string {
  const folder = temporaryFolder()
  for (const [path, contents] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), contents)
  }
  return folder
}

describe('imageFolder', () => {
  it('reads folders as classes, in order, and leaves other files alone', async () => {
    const directory = folderOf({
      'train/b/2.JPEG': grey,
      'train/b/10.jpg': red,
      'train/a/x.jpg': red,
      'train/a/notes.txt': grey,
      'train/a/.hidden.jpg': new Uint8Array(3),
      'train/list.csv': grey,
      'val/c/x.jpeg': grey,
      'test/a/x.jpg': red,
    })
    const steps: number[] = []
    const { classes, train, test, shape, source } = await imageFolder(directory, {
      size: 16,
      onProgress: ({ done, total }) => steps.push(done / total),
    })
    expect(classes).toEqual(['a', 'b', 'c'])
    expect(shape).toEqual([16, 16, 3])
    expect([...train.labels]).toEqual([0, 1, 1])
    expect([...test.labels]).toEqual([2])
    expect([...train.images.subarray(2 * 768, 2 * 768 + 3)]).toEqual([100, 100, 100])
    expect(train.images[0]).toBeGreaterThan(240)
    expect(train.images[1]).toBeLessThan(20)
    expect(source).toBe(directory)
    expect(steps).toEqual([0.25, 0.5, 0.75, 1])
  })

  it('takes `test` where there is no `val`, and a part that is missing as empty', async () => {
    const { train, test } = await imageFolder(folderOf({ 'test/a/x.jpg': red }), { size: 8 })
    expect([train.size, test.size]).toEqual([0, 1])
  })

  it.each<[name: string, files: Record<string, Uint8Array>, options: object, code: string, message: RegExp]>([
    ['without folders', { 'a/x.jpg': red }, {}, 'NOT_FOUND', /has no folder train, val or test/],
    ['without images', { 'train/a/x.png': red }, {}, 'NOT_FOUND', /has no \.jpg or \.jpeg file/],
    [
      'with a bad image',
      { 'train/a/x.jpg': red, 'train/a/y.jpg': new Uint8Array(9) },
      {},
      'IMAGE',
      /y\.jpg: is no JPEG file/,
    ],
    [
      'that is too large',
      { 'train/a/x.jpg': red },
      { largestBytes: 100 },
      'MEMORY',
      /has 1 images: 192 bytes at size 8; at most 100/,
    ],
    ['of no size', { 'train/a/x.jpg': red }, { size: 0 }, 'OPTION', /size 0; expected 1 to 1024 pixels/],
    [
      'of a size above the short side',
      { 'train/a/x.jpg': red },
      { shortSide: 7 },
      'OPTION',
      /shortSide 7; expected 8 to 1024/,
    ],
  ])('refuses a folder %s', async (_, files, options, code, message) => {
    await expect(imageFolder(folderOf(files), { size: 8, ...options })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    })
  })

  it('ends when it is told to', async () => {
    const reason = new Error('enough')
    const signal = AbortSignal.abort(reason)
    await expect(imageFolder(folderOf({ 'train/a/x.jpg': red }), { size: 8, signal })).rejects.toBe(reason)
  })
})
