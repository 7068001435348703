import { readSafetensors, type Tensor, writeSafetensors } from '@lowbit/safetensors'
import * as tf from '@tensorflow/tfjs'
import { ModelError } from './model-error.js'

/**
 * Every weight of a model, trainable or not, as one safetensors file: f32, by tfjs's names (`conv1/kernel`), in tfjs's layout
 * (HWIO). The ranges of quantized layers belong to the topology (`model.toJSON()`) and are not in here.
 */
export async function saveWeights(model: tf.LayersModel): Promise<Uint8Array<ArrayBuffer>> {
  const tensors = await Promise.all(
    model.weights.map(async (weight): Promise<[string, Tensor]> => {
      const value = weight.read()
      const data = await value.data<'float32'>()
      return [weight.originalName, { dtype: 'F32', shape: value.shape, data }]
    }),
  )
  return writeSafetensors(tensors)
}

/**
 * Fills a model with what {@link saveWeights} wrote. All or nothing: the file has to hold every weight of the model under its
 * name, in its shape, as F32, and nothing else.
 *
 * @throws ModelError `WEIGHTS` where it does not; SafetensorsError where the bytes are no safetensors file
 */
export function loadWeights(model: tf.LayersModel, bytes: Uint8Array): void {
  const { tensors } = readSafetensors(bytes)
  assignWeights(
    'loadWeights()',
    tensors,
    model.weights.map((weight) => ({
      weight,
      name: weight.originalName,
      shape: sizes(weight),
      toTfjs: (value) => value,
    })),
  )
}

/** One of a model's weights and the tensor of a file that is to fill it. */
export interface Assignment {
  readonly weight: tf.LayersModel['weights'][number]
  /** The tensor's name in the file. */
  readonly name: string
  /** Its shape in the file. */
  readonly shape: readonly number[]
  /** From the file's layout to tfjs's. */
  readonly toTfjs: (value: tf.Tensor) => tf.Tensor
}

/** Carries assignments out if the file holds just what they name. */
export function assignWeights(
  caller: string,
  tensors: ReadonlyMap<string, Tensor>,
  assignments: readonly Assignment[],
): void {
  const expected = new Set(assignments.map(({ name }) => name))
  const unknown = [...tensors.keys()].find((name) => !expected.has(name))
  if (unknown !== undefined) refuse(caller, `the file holds ${unknown}, the model has no such weight`)
  const values = assignments.map(({ name, shape }) => {
    const tensor = tensors.get(name)
    if (tensor === undefined) return refuse(caller, `the file lacks ${name}`)
    if (tensor.dtype !== 'F32') return refuse(caller, `${name} is ${tensor.dtype}; expected F32`)
    if (tensor.shape.join() !== shape.join()) {
      return refuse(caller, `${name} has shape [${tensor.shape}]; expected [${shape}]`)
    }
    return tensor.data
  })
  tf.tidy(() => {
    for (const [i, { weight, shape, toTfjs }] of assignments.entries()) {
      // A copy: tfjs's cpu backend keeps the array that it is given, here a view of the caller's bytes.
      weight.write(toTfjs(tf.tensor(values[i]!.slice(), [...shape])))
    }
  })
}

/** A weight's shape; weights of a built model have no unknown dimension. */
export function sizes({ shape }: Assignment['weight']): number[] {
  return shape.map((size) => size!)
}

function refuse(caller: string, what: string): never {
  throw new ModelError('WEIGHTS', `${caller} ${what}`)
}
