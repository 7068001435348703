import type { ConvAxis, ConvShape } from './conv-shape.js'
import type { ImageCorrelations, Part } from './correlate-images.js'
import { type Correlation, type Epilogue, noEpilogue, type Taps, tileOf } from './correlation.js'
import { type FilterPacking, packedBytes, type TapOrder } from './packed-filter.js'
import { layoutOf, type PaddedAxis, type PaddedImage, paddedAxis } from './padded-image.js'

/** What a convolution or its input gradient does: pack the filter once for each part, then correlate image by image. */
export interface ConvPlan {
  readonly packings: readonly FilterPacking[]
  readonly correlations: ImageCorrelations
  readonly epilogue: Epilogue
}

/** output = convolution of the input with the filter, then the epilogue. */
export function forwardPlan(shape: ConvShape, epilogue: Epilogue): ConvPlan {
  const { rows, columns, inputs, outputs } = shape
  const image: PaddedImage = { rows: paddedAxis(rows), columns: paddedAxis(columns), channels: inputs, stride: inputs }
  const axis = ({ output, stride, kernel, dilation }: ConvAxis) => ({
    output,
    stride,
    taps: { first: 0, count: kernel, spacing: dilation },
  })
  const correlation: Correlation = {
    image: layoutOf(image),
    rows: axis(rows),
    columns: axis(columns),
    channels: inputs,
    outputs,
    outputRow: 4 * outputs * columns.output,
    outputPixel: 4 * outputs,
  }
  const inOrder = ({ kernel }: ConvAxis): TapOrder => ({ first: 0, count: kernel, step: 1 })
  const packing: FilterPacking = {
    rows: inOrder(rows),
    columns: inOrder(columns),
    channels: inputs,
    outputs,
    strides: { ...tapStrides(shape), channel: 4 * outputs, output: 4 },
    vectors: tileOf(correlation).vectors,
    epilogue,
  }
  return {
    packings: [packing],
    correlations: {
      name: 'conv2d',
      image,
      parts: [{ correlation, packed: 0, output: 0 }],
      outputBytes: 4 * outputs * rows.output * columns.output,
    },
    epilogue,
  }
}

/** rows x depth times depth x columns of `matrixProduct`, or where `transposed` times the transpose of columns x depth. */
export function matrixPlan(shape: ConvShape, epilogue: Epilogue, transposed: boolean): ConvPlan {
  const plan = forwardPlan(shape, epilogue)
  if (!transposed) return plan
  const swapped = { row: 0, column: 0, channel: 4, output: 4 * shape.inputs }
  return { ...plan, packings: plan.packings.map((packing) => ({ ...packing, strides: swapped })) }
}

/**
 * The gradient for the input is a correlation of the output's gradient with the transposed filter. With a stride, inputs that
 * lie a stride apart meet the same taps: each such phase is a part of its own, and no zeros are multiplied.
 */
export function inputGradientPlan(shape: ConvShape): ConvPlan {
  const { inputs, outputs } = shape
  const rows = phases(shape.rows)
  const columns = phases(shape.columns)
  const image: PaddedImage = { rows: rows.padded, columns: columns.padded, channels: outputs, stride: outputs }
  const inputPixel = 4 * inputs
  const inputRow = inputPixel * shape.columns.input
  const packings: FilterPacking[] = []
  const parts: Part[] = []
  let packed = 0
  for (const row of rows.phases)
    for (const column of columns.phases) {
      const correlation: Correlation = {
        image: layoutOf(image),
        rows: { output: row.inputs, stride: 1, taps: row.taps },
        columns: { output: column.inputs, stride: 1, taps: column.taps },
        channels: outputs,
        outputs: inputs,
        outputRow: inputRow * shape.rows.stride,
        outputPixel: inputPixel * shape.columns.stride,
      }
      const packing: FilterPacking = {
        rows: row.order,
        columns: column.order,
        channels: outputs,
        outputs: inputs,
        strides: { ...tapStrides(shape), channel: 4, output: 4 * outputs },
        vectors: tileOf(correlation).vectors,
        epilogue: noEpilogue,
      }
      packings.push(packing)
      parts.push({ correlation, packed, output: row.first * inputRow + column.first * inputPixel })
      packed += packedBytes(packing)
    }
  return {
    packings,
    correlations: { name: 'conv2dInputGradient', image, parts, outputBytes: inputRow * shape.rows.input },
    epilogue: noEpilogue,
  }
}

const tapStrides = ({ columns, inputs, outputs }: ConvShape) => ({
  row: 4 * columns.kernel * inputs * outputs,
  column: 4 * inputs * outputs,
})

/** Inputs first, first + stride, ...: each meets the same taps of the kernel. */
interface Phase {
  readonly first: number
  readonly inputs: number
  readonly taps: Taps
  readonly order: TapOrder
}

/**
 * Input i = stride * t + first meets tap k at output t + (first + before - k * dilation) / stride, for the taps where that is
 * an integer. Taps run backwards, so that the outputs run forwards.
 */
function phases({ input, output, kernel, stride, dilation, before }: ConvAxis): {
  phases: Phase[]
  padded: PaddedAxis
} {
  const drafts = Array.from({ length: Math.min(stride, input) }, (_, first) => {
    const taps = Array.from({ length: kernel }, (_, k) => kernel - 1 - k)
      .filter((k) => (first + before - k * dilation) % stride === 0)
      .map((k) => ({ tap: k, output: (first + before - k * dilation) / stride }))
    return { first, inputs: Math.ceil((input - first) / stride), taps }
  })
  const firstOutputs = drafts.flatMap(({ taps }) => taps.map((tap) => tap.output))
  const zeros = -Math.min(0, ...firstOutputs)
  const length = Math.max(1, ...drafts.flatMap(({ inputs, taps }) => taps.map((tap) => zeros + tap.output + inputs)))
  return {
    phases: drafts.map(({ first, inputs, taps }) => ({
      first,
      inputs,
      taps: {
        first: zeros + (taps[0]?.output ?? 0),
        count: taps.length,
        spacing: taps.length > 1 ? taps[1]!.output - taps[0]!.output : 1,
      },
      order: {
        first: taps[0]?.tap ?? 0,
        count: taps.length,
        step: taps.length > 1 ? taps[1]!.tap - taps[0]!.tap : 1,
      },
    })),
    padded: { source: output, before: zeros, length },
  }
}
