import { cnnNames } from '@lowbit/models'
import { AUGMENTATIONS, METHODS } from './run-specification.js'
import { numberThat, oneOf } from './schemas.js'
import { schemaOf } from './specification-schema.js'

/** What a specification has to be for this version to carry it out as it says. */
export const runnableSchema = schemaOf({
  network: oneOf(...cnnNames),
  method: oneOf(...METHODS),
  decay: oneOf('quarters', 'cosine'),
  augmentation: oneOf(...AUGMENTATIONS),
  size: numberThat('a whole number from 1 on', (x) => Number.isSafeInteger(x) && x >= 1),
  rate: numberThat('a number above 0', (x) => x > 0),
})
