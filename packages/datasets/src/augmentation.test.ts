import { describe, expect, it } from 'vitest'
import { type Augmentation, checkAugmentations, crop, flip, rotate } from './augmentation.js'
import { DatasetError } from './dataset-error.js'

describe('augmentations', () => {
  it('are data that go through JSON', () => {
    const list = [flip(), crop(4), rotate(9)]
    const read: Augmentation[] = JSON.parse(JSON.stringify(list))
    expect(read).toEqual(list)
    expect(() => checkAugmentations(read)).not.toThrow()
  })

  it.each([
    () => flip(1.5),
    () => flip(Number.NaN),
    () => crop(-1),
    () => crop(0.5),
    () => rotate(181),
    () => checkAugmentations([rotate(5), flip(), rotate(5)]),
    () => checkAugmentations(JSON.parse('[{"kind":"blur"}]')),
    () => checkAugmentations(JSON.parse('[{"kind":"crop"}]')),
  ])('refuses what no image could be changed by: %s', (make) => {
    expect(make).toThrow(DatasetError)
  })
})
