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

const floatRun = objectOf<FloatRun>({
  kind: oneOf('float', 'quantized'),
  network: text,
  data: objectOf<DataReference>({
    name: oneOf('cifar-10', 'generated'),
    checksum: text,
    trainingImages: count,
    heldOutImages: count,
  }),
  seed: count,
  training: objectOf<FloatTraining>({
    epochs: count,
    batch: count,
    learningRate: amount,
    weightDecay: amount,
    decay: text,
    augmentation: text,
  }),
  kernels: oneOf('relaxed', 'plain'),
})

const width = numberThat('a whole number from 2 to 8', (x) => [2, 3, 4, 5, 6, 7, 8].includes(x))
const anyNumber = numberThat('a number', () => true)

const quantizedRun = objectOf<QuantizedRun>({
  kind: oneOf('quantized'),
  baseline: floatRun,
  bits: width,
  method: text,
  settings: v.optional(
    v.record(
      v.string(),
      v.union([anyNumber, listOf(anyNumber), text], 'a number, a list of numbers or a word'),
      'an object',
    ),
  ),
  training: objectOf<QuantizedTraining>({
    epochs: amount,
    batch: count,
    learningRate: amount,
    finalLearningRate: amount,
    groups: count,
    budget: oneOf('total', 'stage'),
    wholeEpochs: v.optional(amount),
    perChannel: yesOrNo,
    activationBits: v.optional(width),
    augmentation: text,
    calibrationImages: count,
  }),
})

/**
 * What a specification that was read has to be. Names of networks, methods and augmentations may be of another version: a
 * table can be made of their results.
 */
export const specificationSchema = v.lazy((value) => {
  const { kind } = (value ?? {}) as Partial<RunSpecification>
  return kind === 'quantized' ? quantizedRun : floatRun
})
