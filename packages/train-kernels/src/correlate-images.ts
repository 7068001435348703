import { type Body, func, i32, type Local } from '@lowbit/wasm-emit'
import type { MultiplyAdd } from './arithmetic.js'
import { type Correlation, correlate, type Epilogue } from './correlation.js'
import { copyPadded, isWithin, layoutOf, type PaddedImage, paddedBytes, sourceBytes } from './padded-image.js'

/** A correlation with its packed filter and the part of the output image that it writes. */
export interface Part {
  readonly correlation: Correlation
  /** Bytes from the beginning of all packed filters to this one's. */
  readonly packed: number
  /** Bytes from an output image's first value to the first that this part writes. */
  readonly output: number
}

/** Correlations over each image of a batch: one for a convolution, one for each phase of the stride for an input gradient. */
export interface ImageCorrelations {
  readonly name: string
  readonly image: PaddedImage
  readonly parts: readonly Part[]
  /** Bytes of an output image. */
  readonly outputBytes: number
}

/** Bytes of scratch memory for the padded copy of one image. */
export const copyBytes = (image: PaddedImage) => (isWithin(image) ? 0 : paddedBytes(image))

/** The function over `batch` >= 1 images; `copy` has room for one padded image. */
export const correlateImages = (c: ImageCorrelations, madd: MultiplyAdd, epilogue: Epilogue) =>
  func(
    c.name,
    { input: 'i32', packed: 'i32', output: 'i32', copy: 'i32', batch: 'i32' },
    ({ input, packed, output, copy, batch }, body) => {
      const inPlace = isWithin(c.image)
      if (!inPlace) body.fill(copy, 0, paddedBytes(c.image))
      body.repeat(batch, () => {
        if (!inPlace) copyPadded(body, c.image, copy, input)
        const image = inPlace ? offset(body, input, layoutOf(c.image).first) : copy
        for (const part of c.parts)
          correlate(body, part.correlation, madd, epilogue, {
            image,
            packed: offset(body, packed, part.packed),
            output: offset(body, output, part.output),
          })
        body.advance(input, sourceBytes(c.image))
        body.advance(output, c.outputBytes)
      })
    },
  )

const offset = (body: Body, pointer: Local<'i32'>, bytes: number) =>
  bytes === 0 ? pointer : body.local(i32.add(pointer, bytes))
