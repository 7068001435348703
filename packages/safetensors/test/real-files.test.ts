import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readSafetensors, writeSafetensors } from '../src/index.js'

const folder = new URL('../../../../shared/data/resnet-cifar10/', import.meta.url)
const present = existsSync(folder)

describe.skipIf(!present)(`trained weights${present ? '' : ` (skipped: no ${folder.pathname})`}`, () => {
  it.each([
    ['resnet20-cifar10', 269_722],
    ['resnet56-cifar10', 853_018],
  ])('%s is read whole', (name, parameters) => {
    const file = readFileSync(new URL(`${name}.safetensors`, folder))
    const { tensors, metadata } = readSafetensors(file)
    expect(metadata.layout).toBe('PyTorch OIHW')
    expect(tensors.get('conv1.weight')?.shape).toEqual([16, 3, 3, 3])
    let count = 0
    for (const [key, { dtype, data }] of tensors) {
      if (dtype !== 'F32') continue
      expect(
        data.every((x) => Math.abs(x) < 1000),
        key,
      ).toBe(true)
      if (!key.includes('running_')) count += data.length
    }
    expect(count).toBe(parameters)
    const again = writeSafetensors(tensors, metadata)
    expect(Buffer.compare(writeSafetensors(readSafetensors(again).tensors, metadata), again)).toBe(0)
  })
})
