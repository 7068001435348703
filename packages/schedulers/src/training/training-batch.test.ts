import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { firstImages, imageTensor, labelTensor, openBatches, type TrainingBatch } from './training-batch.js'

const model = () => tf.sequential({ layers: [tf.layers.flatten({ inputShape: [2, 2, 1] })] })
const batch = (step: number): TrainingBatch => ({ images: new Float32Array(12).fill(step), labels: [0, 1, 0] })

function* endless(from: number) {
  for (let step = from; ; step++) yield batch(step)
}

describe('openBatches', () => {
  it('reads a stream from a step on, synchronous or not', async () => {
    async function* later(from: number) {
      yield* endless(from)
    }
    for (const batches of [endless, later]) {
      const reader = openBatches(batches, 5)
      expect((await reader.next()).images[0]).toBe(5)
      expect((await reader.next()).images[0]).toBe(6)
      await reader.close()
    }
  })

  it('says at which step the batches ended', async () => {
    const reader = openBatches((from) => [batch(from)], 3)
    await reader.next()
    await expect(reader.next()).rejects.toThrow('the batches end before step 4; expected one for every step')
  })

  it('closes the stream', async () => {
    let closed = false
    const reader = openBatches(function* (from) {
      try {
        yield* endless(from)
      } finally {
        closed = true
      }
    }, 0)
    await reader.next()
    await reader.close()
    expect(closed).toBe(true)
  })
})

describe('tensors of a batch', () => {
  beforeAll(() => tf.setBackend('cpu'))

  it('have the shape that the model takes', () => {
    expect(imageTensor(model(), batch(1).images).shape).toEqual([3, 2, 2, 1])
    expect(() => imageTensor(model(), new Float32Array(6))).toThrow(
      '6 image values in a batch; expected a multiple of 4',
    )
  })

  it('are probabilities that sum to 1, smoothed on demand', () => {
    expect(labelTensor([1, 0], 3, 0).arraySync()).toEqual([
      [0, 1, 0],
      [1, 0, 0],
    ])
    const smooth = labelTensor([2], 4, 0.2).dataSync()
    ;[0.05, 0.05, 0.85, 0.05].forEach((value, i) => {
      expect(smooth[i]).toBeCloseTo(value, 6)
    })
    for (const label of [4, -1, 0.5])
      expect(() => labelTensor([0, label], 4, 0)).toThrow(`label 1 of a batch is ${label}`)
  })

  it('refuses batches of no images, or of parts of one, for the first images too', async () => {
    for (const length of [0, 6]) {
      const batches = function* () {
        for (;;) yield { images: new Float32Array(length), labels: [] }
      }
      await expect(firstImages(batches, model(), 5)).rejects.toMatchObject({ code: 'DATA' })
    }
  })

  it('takes the first images of the stream, cutting the last batch', async () => {
    const images = await firstImages(endless, model(), 4)
    expect([...images]).toEqual([...new Array(12).fill(0), ...new Array(4).fill(1)])
  })
})
