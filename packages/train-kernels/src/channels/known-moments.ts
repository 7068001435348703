import type { TensorInfo } from '@tensorflow/tfjs'
import type { Moments } from './batch-norm.js'

// A convolution's images are summed while they are in the cache, if a batch norm has asked for the moments of the last ones of this
// shape. Whether they are gathered then or by a pass of their own does not change a bit.

/** A program and the channels of what it makes: a tensor of the same values can have another shape. */
interface Maker {
  readonly program: object
  readonly channels: number
}

const known = new WeakMap<object, Moments>()
const makers = new WeakMap<object, Maker>()
const asked = new WeakSet<object>()

/** Whether the moments of what this program made before were asked for. */
export const areAskedFor = (program: object): boolean => asked.has(program)

/** Notes what made a tensor, and its moments where they were gathered meanwhile. */
export function noteMade(tensor: TensorInfo, program: object, moments: Moments | undefined): void {
  makers.set(tensor.dataId, { program, channels: tensor.shape.at(-1)! })
  if (moments) known.set(tensor.dataId, moments)
}

/** The moments of a tensor's channels where they are known; otherwise they will be of the next one that its maker makes. */
export function askForMoments(tensor: TensorInfo): Moments | undefined {
  const maker = makers.get(tensor.dataId)
  if (!maker || maker.channels !== tensor.shape.at(-1)) return undefined
  asked.add(maker.program)
  return known.get(tensor.dataId)
}
