import type { CodeRange, Conv2d, Dense, FloatConv2d, FloatDense, Shape } from '../format/index.js'
import { type Image, imageOf, newImage } from './image.js'

/** (sum of (code - zeroPoint) * (weight - its zero point) + bias) * scale: the sum exact, then rounded to f32, then scaled. */
export function conv2d(node: Conv2d, codes: Image, { zeroPoint }: CodeRange, shape: Shape): Image {
  const { weights, bias, scale, stride, padding, groups } = node
  const [kernelHeight, kernelWidth, groupChannels, filters] = weights.shape as [number, number, number, number]
  const output = newImage(shape)
  for (let y = 0; y < output.height; y++) {
    for (let x = 0; x < output.width; x++) {
      for (let filter = 0; filter < filters; filter++) {
        const firstChannel = Math.floor(filter / (filters / groups)) * groupChannels
        const weightZeroPoint = weights.zeroPoint[filter % weights.zeroPoint.length]!
        let sum = bias[filter]!
        for (let ky = 0; ky < kernelHeight; ky++) {
          for (let kx = 0; kx < kernelWidth; kx++) {
            const inputY = y * stride[0] + ky - padding.top
            const inputX = x * stride[1] + kx - padding.left
            if (!codes.holds(inputY, inputX)) continue
            for (let channel = 0; channel < groupChannels; channel++) {
              const weight = weights.codes[((ky * kernelWidth + kx) * groupChannels + channel) * filters + filter]!
              sum += (codes.get(inputY, inputX, firstChannel + channel) - zeroPoint) * (weight - weightZeroPoint)
            }
          }
        }
        output.set(y, x, filter, Math.fround(Math.fround(sum) * scale[filter % scale.length]!))
      }
    }
  }
  return output
}

/** A convolution of one pixel. */
export function dense(node: Dense, codes: Image, range: CodeRange): Image {
  const { weights, name, input, bias, scale } = node
  const [inputs, units] = weights.shape as [number, number]
  const pixel = imageOf([1, 1, inputs], codes.data)
  const asConvolution: Conv2d = {
    operator: 'conv2d',
    name,
    input,
    weights: { ...weights, shape: [1, 1, inputs, units] },
    bias,
    scale,
    stride: [1, 1],
    padding: { top: 0, bottom: 0, left: 0, right: 0 },
    groups: 1,
  }
  return conv2d(asConvolution, pixel, range, [1, 1, units])
}

/** From +0, by ky, kx, channel: each product and each sum rounded to f32, the bias added last. */
export function floatConv2d(node: FloatConv2d, input: Image, shape: Shape): Image {
  const { weights, bias, stride, padding } = node
  const [kernelHeight, kernelWidth, channels, filters] = node.shape as [number, number, number, number]
  const output = newImage(shape)
  for (let y = 0; y < output.height; y++) {
    for (let x = 0; x < output.width; x++) {
      for (let filter = 0; filter < filters; filter++) {
        let sum = 0
        for (let ky = 0; ky < kernelHeight; ky++) {
          for (let kx = 0; kx < kernelWidth; kx++) {
            const inputY = y * stride[0] + ky - padding.top
            const inputX = x * stride[1] + kx - padding.left
            if (!input.holds(inputY, inputX)) continue
            for (let channel = 0; channel < channels; channel++) {
              const weight = weights[((ky * kernelWidth + kx) * channels + channel) * filters + filter]!
              sum = Math.fround(sum + Math.fround(input.get(inputY, inputX, channel) * weight))
            }
          }
        }
        output.set(y, x, filter, Math.fround(sum + bias[filter]!))
      }
    }
  }
  return output
}

export function floatDense(node: FloatDense, input: Image): Image {
  const { weights, bias, name } = node
  const [inputs, units] = node.shape as [number, number]
  const asConvolution: FloatConv2d = {
    operator: 'float-conv2d',
    name,
    input: node.input,
    shape: [1, 1, inputs, units],
    weights,
    bias,
    stride: [1, 1],
    padding: { top: 0, bottom: 0, left: 0, right: 0 },
  }
  return floatConv2d(asConvolution, imageOf([1, 1, inputs], input.data), [1, 1, units])
}
