import { crop, flip, rotate } from '@lowbit/datasets'

/** Flips, crops with a padding of 4 and rotations by up to 9 degrees, as the networks' authors trained them. */
export const augmentation = [flip(), crop(4), rotate(9)]
