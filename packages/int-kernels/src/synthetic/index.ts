export { type IsolatedConvolution, type IsolatedShape, isolatedConvolution } from './isolated-convolution.js'
export { type ConvolutionShape, type NetworkBuilder, networkBuilder } from './network-builder.js'
export { type CnnName, syntheticCnn } from './synthetic-cnn.js'
export { syntheticResNet18 } from './synthetic-resnet.js'
