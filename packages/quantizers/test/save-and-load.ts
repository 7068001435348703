import * as tf from '@tensorflow/tfjs'

/** The model as it comes back from a file: saved, the topology through JSON text, loaded. */
export async function saveAndLoad(model: tf.LayersModel): Promise<tf.LayersModel> {
  const files: tf.io.ModelArtifacts[] = []
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      files.push(artifacts)
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } }
    }),
  )
  const { modelTopology, weightSpecs, weightData } = files[0]!
  return tf.loadLayersModel(
    tf.io.fromMemory({
      modelTopology: JSON.parse(JSON.stringify(modelTopology)),
      weightSpecs: weightSpecs!,
      weightData: weightData!,
    }),
  )
}
