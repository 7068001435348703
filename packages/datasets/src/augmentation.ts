import { DatasetError } from './dataset-error.js'

/** One random change of an image, as plain data: it goes through JSON, so a run can record it. */
export type Augmentation =
  | { readonly kind: 'flip'; readonly probability: number }
  | { readonly kind: 'crop'; readonly padding: number }
  | { readonly kind: 'rotate'; readonly degrees: number }

/** Mirrors left and right with this probability. */
export function flip(probability = 0.5): Augmentation {
  return checkAugmentation({ kind: 'flip', probability })
}

/**
 * Pads with zeros by `padding` pixels on each side and cuts out a window of the image's own size at random: a shift by
 * -padding .. padding along each axis, each equally likely.
 */
export function crop(padding: number): Augmentation {
  return checkAugmentation({ kind: 'crop', padding })
}

/**
 * Turns about the centre by an angle uniform over -degrees .. degrees. A pixel takes the colour of the pixel whose square its
 * centre falls into (nearest neighbour), zero outside of the image: what torchvision's `RandomRotation` does unless told otherwise.
 */
export function rotate(degrees: number): Augmentation {
  return checkAugmentation({ kind: 'rotate', degrees })
}

/** @throws DatasetError `OPTION` for what no image could be changed by */
export function checkAugmentations(augmentations: readonly Augmentation[]): void {
  augmentations.forEach(checkAugmentation)
  if (augmentations.filter(({ kind }) => kind === 'rotate').length > 1) {
    throw new DatasetError('OPTION', 'augment has two rotations; one with a wider range loses less of the image')
  }
}

function checkAugmentation(augmentation: Augmentation): Augmentation {
  const [value, largest, good] = limits(augmentation)
  if (!good || !(value >= 0 && value <= largest)) {
    throw new DatasetError(
      'OPTION',
      `augmentation ${JSON.stringify(augmentation)}; expected a number from 0 to ${largest}`,
    )
  }
  return augmentation
}

function limits(augmentation: Augmentation): [value: number, largest: number, good: boolean] {
  switch (augmentation.kind) {
    case 'flip':
      return [augmentation.probability, 1, true]
    case 'crop':
      return [augmentation.padding, 1024, Number.isInteger(augmentation.padding)]
    case 'rotate':
      return [augmentation.degrees, 180, true]
    default:
      throw new DatasetError('OPTION', `augmentation ${JSON.stringify(augmentation)}; expected a flip, crop or rotate`)
  }
}
