import * as v from 'valibot'
import type {
  DataReference,
  FloatRun,
  FloatTraining,
  QuantizedRun,
  QuantizedTraining,
  RunSpecification,
} from './run-specification.js'
import { amount, count, listOf, numberThat, objectOf, oneOf, text, yesOrNo } from './schemas.js'

const width = numberThat('a whole number from 2 to 8', (x) => [2, 3, 4, 5, 6, 7, 8].includes(x))
const anyNumber = numberThat('a number', () => true)

/** What differs between a specification that a table is made of and one that is to be carried out. */
interface Strictness {
  readonly network: v.GenericSchema
  readonly method: v.GenericSchema
  readonly decay: v.GenericSchema
  readonly augmentation: v.GenericSchema
  readonly size: v.GenericSchema
  readonly rate: v.GenericSchema
}

/** The schema of a specification, told apart by its kind. */
export function schemaOf({ network, method, decay, augmentation, size, rate }: Strictness) {
  const floatRun = objectOf<FloatRun>({
    kind: oneOf('float', 'quantized'),
    network,
    data: objectOf<DataReference>({
      name: oneOf('cifar-10', 'generated'),
      checksum: text,
      trainingImages: count,
      heldOutImages: count,
    }),
    seed: count,
    training: objectOf<FloatTraining>({
      epochs: size,
      batch: size,
      learningRate: rate,
      weightDecay: amount,
      decay,
      augmentation,
    }),
    kernels: oneOf('relaxed', 'plain'),
  })
  const quantizedRun = objectOf<QuantizedRun>({
    kind: oneOf('quantized'),
    baseline: floatRun,
    bits: width,
    method,
    settings: v.optional(
      v.record(
        v.string(),
        v.union([anyNumber, listOf(anyNumber), text], 'a number, a list of numbers or a word'),
        'an object',
      ),
    ),
    training: objectOf<QuantizedTraining>({
      epochs: rate,
      batch: size,
      learningRate: rate,
      finalLearningRate: rate,
      groups: size,
      budget: oneOf('total', 'stage'),
      wholeEpochs: v.optional(rate),
      perChannel: yesOrNo,
      activationBits: v.optional(width),
      augmentation,
      calibrationImages: size,
    }),
  })
  return v.lazy((value) => {
    const { kind } = (value ?? {}) as Partial<RunSpecification>
    return kind === 'quantized' ? quantizedRun : floatRun
  })
}

/**
 * What a specification of a result has to be. Names of networks, methods and augmentations may be of another version: a
 * table can be made of their results.
 */
export const specificationSchema = schemaOf({
  ...{ network: text, method: text, decay: text, augmentation: text },
  ...{ size: count, rate: amount },
})
