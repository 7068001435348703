import { softmaxCrossEntropy } from '@lowbit/quantizers/tfjs'
import * as tf from '@tensorflow/tfjs'
import { beginStage, disposeTrainable, holdFrozen, type Plan, trainableUnder } from '../src/index.js'

/** A plan carried out without `train`. `nextBatch` gives images as the model takes them and labels as probabilities. */
export async function ownLoop(
  model: tf.LayersModel,
  plan: Plan,
  nextBatch: () => readonly [images: tf.Tensor, labels: tf.Tensor2D],
  images: Float32Array,
): Promise<void> {
  for (const stage of plan.stages) {
    await beginStage(model, stage, { images }) // quantizes what the stage says; ranges are estimated on these images
    const trainable = trainableUnder(model, stage.train)
    const optimizer = tf.train.adam(0.01)
    for (let step = 0; step < stage.steps; step++) {
      tf.tidy(() => {
        const [x, y] = nextBatch()
        const loss = () => softmaxCrossEntropy(model.apply(x, { training: true }) as tf.Tensor2D, y)
        optimizer.minimize(loss, false, trainable.variables)
        holdFrozen(trainable) // an optimizer's momentum moves weights without a gradient, too
      })
    }
    optimizer.dispose()
    disposeTrainable(trainable)
  }
}
