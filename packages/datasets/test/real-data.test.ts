import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { cifar10, type Dataset, DatasetError, imageFolder, mnist } from '../src/index.js'

const shared = (name: string) => fileURLToPath(new URL(`../../../../shared/data/${name}`, import.meta.url))

/** CIFAR-10 from $LOWBIT_DATA or the cache; never downloaded by a test. Why not, where it is not there. */
const cifar = await cifar10({ download: false }).catch((error: unknown) => {
  if (error instanceof DatasetError && error.code === 'UNAVAILABLE') return error.message
  throw error
})

describe.skipIf(typeof cifar === 'string')(`CIFAR-10${typeof cifar === 'string' ? ` (skipped: ${cifar})` : ''}`, () => {
  it('is the published one', () => {
    const { train, test, checksum } = cifar as Dataset
    expect([train.size, test.size]).toEqual([50_000, 10_000])
    for (let label = 0; label < 10; label++) {
      expect(train.labels.filter((x) => x === label)).toHaveLength(5000)
      expect(test.labels.filter((x) => x === label)).toHaveLength(1000)
    }
    expect(checksum).toBe('80387ddb9a0edf3fc4a964ee3770296169bb26a651050df20035579673099660')
    // Means of the channels, as everybody quotes them: 0.4914, 0.4822, 0.4465.
    const sums = [0, 0, 0]
    for (let i = 0; i < train.images.length; i++) sums[i % 3]! += train.images[i]!
    expect(sums.map((sum) => (sum / 50_000 / 1024 / 255).toFixed(4))).toEqual(['0.4914', '0.4822', '0.4465'])
  })
})

const digits = shared('mnist')
describe.skipIf(!existsSync(digits))(`MNIST${existsSync(digits) ? '' : ` (skipped: no ${digits})`}`, () => {
  let data: Dataset
  beforeAll(async () => {
    data = await mnist({ directory: digits })
  })

  it('is the published one', () => {
    expect([data.train.size, data.test.size]).toEqual([60_000, 10_000])
    expect([...data.train.labels.subarray(0, 5)]).toEqual([5, 0, 4, 1, 9])
    // The mean that everybody quotes: 0.1307.
    expect((data.train.images.reduce((sum, byte) => sum + byte, 0) / data.train.images.length / 255).toFixed(4)).toBe(
      '0.1307',
    )
  })
})

const photographs = shared('imagenet-sample')
describe.skipIf(!existsSync(photographs))(
  `Photographs${existsSync(photographs) ? '' : ` (skipped: no ${photographs})`}`,
  () => {
    it('are read at their own sizes, with the pixels that they had before', async () => {
      const { classes, train, test, checksum } = await imageFolder(photographs, { size: 224, shortSide: 256 })
      expect([classes.length, train.size, test.size]).toEqual([40, 0, 40])
      expect(checksum).toBe('e6c5eed4940da957d0ffdbddce9d284b7bd192e8f6add18538f84c85528b9090')
    })
  },
)
