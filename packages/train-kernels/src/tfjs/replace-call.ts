import type * as tf from '@tensorflow/tfjs'

/** How a layer computes: its method `call`. */
export type Call<L extends tf.layers.Layer> = (
  this: L,
  ...given: Parameters<tf.layers.Layer['call']>
) => ReturnType<tf.layers.Layer['call']>

/**
 * Lets all layers of this one's class compute in another way, made of the way in which they do; returns what undoes this. Give the
 * layer a name: otherwise it uses up one of the numbers that name the user's own layers.
 */
export function replaceCall<L extends tf.layers.Layer>(
  layer: tf.layers.Layer,
  make: (original: Call<L>) => Call<L>,
): () => void {
  const prototype: { call: Call<L> } = Object.getPrototypeOf(layer)
  const inherited = !Object.hasOwn(prototype, 'call')
  const original = prototype.call
  const replaced = make(original)
  prototype.call = replaced
  return () => {
    if (prototype.call !== replaced) return
    if (inherited) Reflect.deleteProperty(prototype, 'call')
    else prototype.call = original
  }
}
