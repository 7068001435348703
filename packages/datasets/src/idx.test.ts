import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { idxFile, smallIdx, smallIdxFiles, writeSmallIdx } from '../test/small-idx.js'
import { temporaryFolder } from '../test/temporary-folder.js'
import { loadIdx } from './idx.js'

/** Writes one file anew, gzipped or raw, and loads. */
async function loadWith(name: string, contents: Uint8Array) {
  const directory = writeSmallIdx(temporaryFolder())
  const base = name.replace('.gz', '')
  rmSync(join(directory, base), { force: true })
  rmSync(join(directory, `${base}.gz`), { force: true })
  writeFileSync(join(directory, name), contents)
  return loadIdx(smallIdx(), { directory })
}

describe('loadIdx', () => {
  it('reads images and labels, raw and gzipped', async () => {
    const directory = writeSmallIdx(temporaryFolder())
    const { train, test, shape } = await loadIdx(smallIdx(), { directory })
    expect(shape).toEqual([28, 28, 1])
    expect(train.images).toEqual(smallIdxFiles.get('train-images')!.subarray(16))
    expect(train.labels).toEqual(smallIdxFiles.get('train-labels')!.subarray(8))
    expect([train.size, test.size]).toEqual([15, 5])
  })

  const labels = smallIdxFiles.get('train-labels')!
  const packed = gzipSync(labels)
  it.each<[name: string, file: string, contents: Uint8Array, code: string, message: RegExp]>([
    ['truncated', 'train-labels', labels.subarray(0, 20), 'SIZE', /train-labels has 20 bytes; expected 23$/],
    ['altered', 'train-labels', labels.map((byte, i) => byte ^ Number(i === 10)), 'CHECKSUM', /train-labels has md5/],
    [
      'altered, gzipped',
      'train-labels.gz',
      gzipSync(labels.map((byte, i) => byte ^ Number(i === 10))),
      'CHECKSUM',
      /train-labels\.gz has md5/,
    ],
    [
      'of another type',
      'train-labels',
      idxFile([15], { type: 13 }),
      'FORMAT',
      /begins with the numbers 3329, 15; expected 2049, 15$/,
    ],
    [
      'of another count',
      'train-labels',
      new Uint8Array([0, 0, 8, 1, 0, 0, 0, 14, ...Array(15).fill(1)]),
      'FORMAT',
      /expected 2049, 15$/,
    ],
    [
      'gzipped and truncated',
      'train-labels.gz',
      packed.subarray(0, 20),
      'FORMAT',
      /train-labels\.gz cannot be unzipped/,
    ],
    ['not gzipped', 'train-labels.gz', labels, 'FORMAT', /train-labels\.gz cannot be unzipped/],
    ['gzipped and shorter', 'train-labels.gz', gzipSync(labels.subarray(0, 10)), 'SIZE', /holds 10 bytes; expected 23/],
    ['a bomb', 'train-images.gz', gzipSync(new Uint8Array(5_000_000)), 'SIZE', /unpacks to more than 11776 bytes/],
  ])('refuses a file that is %s, naming it', async (_, file, contents, code, message) => {
    await expect(loadWith(file, contents)).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
  })
})
