import { truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { smallCifar, smallFiles, writeSmallCifar } from '../test/small-cifar.js'
import { temporaryFolder } from '../test/temporary-folder.js'
import { type CifarEdition, loadCifar } from './cifar-binary.js'

describe('loadCifar', () => {
  it('puts the channels of a pixel together and the files one after the other', async () => {
    const directory = writeSmallCifar(temporaryFolder())
    const { train, test, source } = await loadCifar(smallCifar(), { directory })
    expect(source).toBe(directory)
    expect([...train.labels]).toEqual(
      [...Array(12).keys(), ...Array(9).keys()].map((i, at) => (at < 12 ? i : i + 1) % 10),
    )
    expect(test.labels[0]).toBe(2)
    const planes = smallFiles.get('data_batch_2.bin')!.subarray(3073 + 1, 2 * 3073)
    const image = train.images.subarray(13 * 3072, 14 * 3072)
    for (let pixel = 0; pixel < 1024; pixel++) {
      expect([...image.subarray(3 * pixel, 3 * pixel + 3)]).toEqual(
        [0, 1024, 2048].map((plane) => planes[plane + pixel]),
      )
    }
  })

  it('takes the last of two label bytes', async () => {
    const directory = temporaryFolder()
    const bytes = new Uint8Array(3074).fill(9)
    bytes[1] = 99
    for (const name of ['train.bin', 'test.bin']) writeFileSync(join(directory, name), bytes)
    const edition: CifarEdition = {
      ...smallCifar(),
      classes: Array.from({ length: 100 }, String),
      labelBytes: 2,
      train: new Map([['train.bin', { bytes: 3074 }]]),
      test: new Map([['test.bin', { bytes: 3074 }]]),
      published: { ...smallCifar().published, files: [['train.bin'], ['test.bin']] },
    }
    expect([...(await loadCifar(edition, { directory })).train.labels]).toEqual([99])
  })

  it.each<[name: string, spoil: (file: string) => void, code: string, message: RegExp]>([
    [
      'truncated',
      (file) => truncateSync(file, 3073 * 8 + 1),
      'SIZE',
      /data_batch_2\.bin has 24585 bytes; expected 27657$/,
    ],
    [
      'altered',
      (file) =>
        writeFileSync(
          file,
          smallFiles.get('data_batch_2.bin')!.map((byte, i) => byte ^ Number(i === 5000)),
        ),
      'CHECKSUM',
      /data_batch_2\.bin has md5 [0-9a-f]{32}; expected [0-9a-f]{32}$/,
    ],
    ['empty', (file) => truncateSync(file, 0), 'SIZE', /has 0 bytes; expected 27657$/],
  ])('refuses a file that is %s, naming it', async (_, spoil, code, message) => {
    const directory = writeSmallCifar(temporaryFolder())
    spoil(join(directory, 'data_batch_2.bin'))
    await expect(loadCifar(smallCifar(), { directory })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    })
  })

  it('refuses a label without a class, where no md5 tells', async () => {
    const directory = writeSmallCifar(temporaryFolder())
    const contents = smallFiles.get('test_batch.bin')!.slice()
    contents[3073] = 10
    writeFileSync(join(directory, 'test_batch.bin'), contents)
    const edition = { ...smallCifar(), test: new Map([['test_batch.bin', { bytes: contents.length }]]) }
    await expect(loadCifar(edition, { directory })).rejects.toMatchObject({
      code: 'FORMAT',
      message: 'small-cifar: label 10 of image 1 to test; expected 0 to 9',
    })
  })
})
