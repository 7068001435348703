import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jpegOf } from '../test/jpeg-files.js'
import { DatasetError } from './dataset-error.js'
import { decodeJpeg } from './jpeg.js'

const colour = jpegOf(20, 10, [200, 100, 50], { to: [20, 240, 60] })

/** The same image, saying that it is this large. */
function resized(file: Uint8Array<ArrayBuffer>, height: number, width: number): Uint8Array<ArrayBuffer> {
  const changed = file.slice()
  const view = new DataView(changed.buffer)
  let at = 2
  while ((view.getUint16(at) & 0xfffc) !== 0xffc0) at += 2 + view.getUint16(at + 2)
  view.setUint16(at + 5, height)
  view.setUint16(at + 7, width)
  return changed
}

describe('decodeJpeg', () => {
  it('gives the pixels, to what JPEG loses', async () => {
    const { width, height, rgba } = await decodeJpeg(colour, 'ramp.jpg')
    expect([width, height, rgba.length]).toEqual([20, 10, 800])
    ;[200, 100, 50, 255].forEach((value, c) => {
      expect(Math.abs(rgba[c]! - value)).toBeLessThan(12)
    })
  })

  it('makes RGB of grey', async () => {
    const { rgba } = await decodeJpeg(jpegOf(8, 8, [90, 90, 90], { grey: true }), 'grey.jpg')
    expect([...rgba.subarray(0, 4)]).toEqual([90, 90, 90, 255])
  })

  it.each<[name: string, file: Uint8Array<ArrayBuffer>, message: RegExp]>([
    ['empty', new Uint8Array(0), /^x\.jpg: is no JPEG file$/],
    ['something else', new Uint8Array(100), /is no JPEG file/],
    ['nothing but a beginning', colour.slice(0, 30), /has no frame header/],
    ['cut off', colour.slice(0, -60), /Premature end/],
    [
      'damaged',
      colour.map((byte, i) => (i > colour.length - 60 && i < colour.length - 40 ? 0xff : byte)),
      /Corrupt JPEG data/,
    ],
    ['of 4 billion pixels', resized(colour, 65500, 65500), /holds 4290250000 pixels; at most 50000000 are read/],
    ['of no pixels', resized(colour, 0, 20), /./],
  ])('refuses a file that is %s, naming it', async (_, file, message) => {
    await expect(decodeJpeg(file, 'x.jpg')).rejects.toMatchObject({
      code: 'IMAGE',
      message: expect.stringMatching(message),
    })
    // And the next good one is read.
    expect((await decodeJpeg(colour, 'good.jpg')).width).toBe(20)
  })

  it('decodes a mutated file to an image, or refuses it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat({ max: colour.length - 1 }), fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 }),
        async (changes) => {
          const mutant = colour.slice()
          for (const [at, byte] of changes) mutant[at] = byte
          try {
            const { width, height, rgba } = await decodeJpeg(mutant, 'mutant.jpg')
            expect(rgba.length).toBe(width * height * 4)
          } catch (error) {
            expect(error).toBeInstanceOf(DatasetError)
          }
        },
      ),
      { numRuns: 100 },
    )
  })
})
