import type {
  DataReference,
  FloatRun,
  FloatTraining,
  QuantizedRun,
  QuantizedTraining,
  RunSpecification,
} from './run-specification.js'
import {
  amount,
  count,
  list,
  number,
  objectOf,
  objectWith,
  one,
  oneOf,
  optional,
  type Shape,
  text,
  yesOrNo,
} from './shape.js'

/**
 * What a specification that was read has to be. Names of networks, methods and augmentations may be of another version: a
 * table can be made of their results.
 */
export const specificationShape: Shape = (value) => {
  const { kind } = (value ?? {}) as Partial<RunSpecification>
  return (kind === 'quantized' ? quantizedRun : floatRun)(value)
}

const floatRun = objectWith<FloatRun>({
  kind: oneOf('float', 'quantized'),
  network: text,
  data: objectWith<DataReference>({
    name: oneOf('cifar-10', 'generated'),
    checksum: text,
    trainingImages: count,
    heldOutImages: count,
  }),
  seed: count,
  training: objectWith<FloatTraining>({
    epochs: count,
    batch: count,
    learningRate: amount,
    weightDecay: amount,
    decay: text,
    augmentation: text,
  }),
  kernels: oneOf('relaxed', 'plain'),
})

const setting = one(
  'a number, a list of numbers or a word',
  (value) => typeof value === 'string' || [number, list(number)].some((shape) => shape(value) === undefined),
)

const quantizedRun = objectWith<QuantizedRun>({
  kind: oneOf('quantized'),
  baseline: floatRun,
  bits: one('a whole number from 2 to 8', (value) => [2, 3, 4, 5, 6, 7, 8].includes(value as number)),
  method: text,
  settings: optional(objectOf(setting)),
  training: objectWith<QuantizedTraining>({
    epochs: count,
    batch: count,
    learningRate: amount,
    finalLearningRate: amount,
    groups: count,
    budget: oneOf('total', 'stage'),
    wholeEpochs: optional(count),
    perChannel: yesOrNo,
    augmentation: text,
    calibrationImages: count,
  }),
})
