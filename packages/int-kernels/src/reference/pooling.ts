import type { AveragePool, MaxPool, Shape } from '../format/index.js'
import { type Image, newImage } from './image.js'

/** Largest of each window; places outside of the image are left out. */
export function maxPool({ size, stride, padding }: MaxPool, input: Image, shape: Shape): Image {
  const output = newImage(shape)
  for (let y = 0; y < output.height; y++) {
    for (let x = 0; x < output.width; x++) {
      for (let channel = 0; channel < output.channels; channel++) {
        let largest = -Infinity
        for (let ky = 0; ky < size[0]; ky++) {
          for (let kx = 0; kx < size[1]; kx++) {
            const inputY = y * stride[0] + ky - padding.top
            const inputX = x * stride[1] + kx - padding.left
            if (input.holds(inputY, inputX)) largest = Math.max(largest, input.get(inputY, inputX, channel))
          }
        }
        output.set(y, x, channel, largest)
      }
    }
  }
  return output
}

/** The sum of each window, from +0 by ky, kx, each sum rounded to f32; divided by the size of the window. */
export function averagePool({ size, stride }: Pick<AveragePool, 'size' | 'stride'>, input: Image, shape: Shape): Image {
  const output = newImage(shape)
  for (let y = 0; y < output.height; y++) {
    for (let x = 0; x < output.width; x++) {
      for (let channel = 0; channel < output.channels; channel++) {
        let sum = 0
        for (let ky = 0; ky < size[0]; ky++) {
          for (let kx = 0; kx < size[1]; kx++) {
            sum = Math.fround(sum + input.get(y * stride[0] + ky, x * stride[1] + kx, channel))
          }
        }
        output.set(y, x, channel, Math.fround(sum / Math.fround(size[0] * size[1])))
      }
    }
  }
  return output
}
