import { type Augmentation, crop, flip, rotate } from '@lowbit/datasets'
import type { AugmentationName } from './run-specification.js'

/** `full` is what the networks' authors trained with; short runs of networks this small learn more from flips alone. */
export const augmentations: Readonly<Record<AugmentationName, readonly Augmentation[]>> = {
  none: [],
  flip: [flip()],
  full: [flip(), crop(4), rotate(9)],
}
