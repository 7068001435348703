import * as v from 'valibot'
import { amount, count, fraction, numberThat, objectOf, oneOf, text } from './schemas.js'

const anyNumber = numberThat('a number', () => true)
const moment = { step: count, stage: count, name: text }

const lines = new Map<unknown, v.GenericSchema>([
  ['resumed', objectOf(moment)],
  ['stage-begin', objectOf({ ...moment, trainable: count })],
  ['step', objectOf({ ...moment, loss: anyNumber, learningRate: amount })],
  [
    'evaluated',
    objectOf({
      ...moment,
      at: oneOf('stage-begin', 'step', 'stage-end'),
      metrics: objectOf({ accuracy: fraction }),
    }),
  ],
  ['stage-end', objectOf(moment)],
  ['checkpoint', objectOf({ step: count, seconds: amount })],
])
const anyLine = objectOf({ type: v.custom((type) => lines.has(type), [...lines.keys()].join(' or ')) })

/** What a line of a run's log that was read has to be. */
export const logLineSchema = v.lazy((value) => lines.get((value as { type?: unknown } | null)?.type) ?? anyLine)
