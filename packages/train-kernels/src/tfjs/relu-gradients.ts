import * as tf from '@tensorflow/tfjs'

/** The smallest f32 above 0: relu passes no gradient on at 0 itself. */
const smallest = 2 ** -149

/**
 * Lets the gradients of relu and relu6 be one kernel where the active backend has it: tfjs makes a step, casts and multiplies.
 * That of relu goes by the output, so that the input need not live until then. Returns what undoes this.
 */
export function fuseReluGradients(): () => void {
  const restored = [
    fuse('Relu', { outputsToSave: [true] }, Number.POSITIVE_INFINITY),
    fuse('Relu6', { inputsToSave: ['x'] }, 6),
  ]
  return () => {
    for (const restore of restored) restore()
  }
}

/** dy where 0 < saved value <= maximum, elsewhere 0. On other backends tfjs goes on, whose step of the output is that of the input. */
function fuse(
  kernelName: string,
  saved: Pick<tf.GradConfig, 'inputsToSave' | 'outputsToSave'>,
  maximum: number,
): () => void {
  const before = tf.getGradient(kernelName)
  if (!before) return () => {}
  const fused: tf.GradConfig = {
    kernelName,
    ...saved,
    gradFunc(dy, values, attrs) {
      const x = (values as tf.Tensor[])[0]!
      const fits = !Array.isArray(dy) && dy.dtype === 'float32' && x.dtype === 'float32' && x.size > 0
      if (!fits || !tf.getKernel('LowbitActivationGrad', tf.getBackend())) return before.gradFunc(dy, values, attrs)
      return {
        x: () => tf.engine().runKernel<tf.Tensor>('LowbitActivationGrad', { x, dy }, { minimum: smallest, maximum }),
      }
    },
  }
  tf.registerGradient(fused)
  return () => {
    if (tf.getGradient(kernelName) === fused) tf.registerGradient(before)
  }
}
