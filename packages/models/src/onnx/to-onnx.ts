import { checkNetwork, inputsOf, type Network } from '@lowbit/int-kernels/format'
import type * as tf from '@tensorflow/tfjs'
import { integerNetwork } from '../lower.js'
import { call, callsOf, toNchw, toNhwc } from './calls-of.js'
import { encodeModel, type Graph } from './model-proto.js'

/**
 * A quantized model as the bytes of an .onnx file (operator set 17), the same network that `lower` gives: uint8 codes for inputs
 * and weights and int32 biases, between QuantizeLinear and DequantizeLinear. Input and output are as in tfjs: f32, images
 * [batch, height, width, channels].
 *
 * Other runtimes compute with their own rounding, where this package's is exact: expect the same class but for ties.
 *
 * @throws ModelError `LOWER`, as `lower` does
 */
export function toOnnx(model: tf.LayersModel): Uint8Array {
  return encodeModel(onnxGraph(integerNetwork(model)))
}

/** An integer network as calls of ONNX operators: data, to look at or to change before `encodeModel` makes a file of it. */
export function onnxGraph(network: Network): Graph {
  const values = checkNetwork(network)
  const { input, nodes, output } = network
  const [inputShape, outputShape] = [input.shape, values.get(output)!.shape]
  // Names of the network stand for NCHW images inside; at both ends they stand for the images of the network.
  const entry = inputShape.length === 3 ? `${input.name}/nchw` : input.name
  const exit = outputShape.length === 3 ? `${output}/nhwc` : output
  const inside = nodes.flatMap((node) => callsOf(node, values.get(inputsOf(node)[0]!)!))
  return {
    name: 'network',
    input: { name: input.name, shape: ['batch', ...inputShape] },
    output: { name: exit, shape: ['batch', ...outputShape] },
    calls: [
      ...(entry === input.name ? [] : [call('Transpose', [input.name], entry, toNchw)]),
      ...inside.map((one) => ({ ...one, inputs: one.inputs.map((name) => (name === input.name ? entry : name)) })),
      ...(exit === output ? [] : [call('Transpose', [output], exit, toNhwc)]),
    ],
  }
}
