import { type Body, func, i32, type Local } from '@lowbit/wasm-emit'
import type { MultiplyAdd } from '../arithmetic.js'
import { type Correlation, correlate, type Epilogue } from './correlation.js'
import { copyPadded, isWithin, layoutOf, type PaddedImage, paddedBytes, sourceBytes } from './padded-image.js'
import { correlatePlanar, isPlanar, planarImage } from './planar-correlation.js'
import { copyPlanar, type PlanarImage, planarBytes } from './planar-image.js'

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

/** Bytes of scratch memory for the copy of one image. */
export function copyBytes(c: ImageCorrelations): number {
  const planar = planarOf(c)
  if (planar) return planarBytes(planar)
  return isWithin(c.image) ? 0 : paddedBytes(c.image)
}

/** The function over `batch` >= 1 images; `copy` has room for the copy of one image. */
export const correlateImages = (c: ImageCorrelations, madd: MultiplyAdd, epilogue: Epilogue) =>
  func(
    c.name,
    { input: 'i32', packed: 'i32', output: 'i32', copy: 'i32', batch: 'i32' },
    ({ input, packed, output, copy, batch }, body) => {
      const planar = planarOf(c)
      const inPlace = !planar && isWithin(c.image)
      if (!inPlace) body.fill(copy, 0, copyBytes(c))
      body.repeat(batch, () => {
        if (planar) copyPlanar(body, planar, copy, input)
        else if (!inPlace) copyPadded(body, c.image, copy, input)
        const image = inPlace ? offset(body, input, layoutOf(c.image).first) : copy
        for (const part of c.parts) {
          const at = { image, packed: offset(body, packed, part.packed), output: offset(body, output, part.output) }
          if (planar) correlatePlanar(body, part.correlation, planar, madd, epilogue, at)
          else correlate(body, part.correlation, madd, epilogue, at)
        }
        body.advance(input, sourceBytes(c.image))
        body.advance(output, c.outputBytes)
      })
    },
  )

/** The copy by channels, where the only part is better computed from one. */
function planarOf({ image, parts }: ImageCorrelations): PlanarImage | undefined {
  const [part, ...others] = parts
  return part && others.length === 0 && isPlanar(part.correlation) ? planarImage(image, part.correlation) : undefined
}

const offset = (body: Body, pointer: Local<'i32'>, bytes: number) =>
  bytes === 0 ? pointer : body.local(i32.add(pointer, bytes))
