export { type Call, type Constant, type Endpoint, encodeModel, type Graph } from './model-proto.js'
export { onnxGraph, toOnnx } from './to-onnx.js'
