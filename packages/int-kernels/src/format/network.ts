/** Vertical, then horizontal. */
export type Pair = readonly [vertical: number, horizontal: number]

/** Rows above and below, columns left and right. */
export interface Padding {
  readonly top: number
  readonly bottom: number
  readonly left: number
  readonly right: number
}

/** One image: height, width, channels (NHWC without the N). A flat value has one dimension. */
export type Shape = readonly number[]

/**
 * An integer network as plain data: what `encodeNetwork` writes, `decodeNetwork` reads and `IntegerNetwork` runs.
 * The file and the arithmetic of every operator are laid down in `docs/integer-network.md`.
 *
 * A value is either *float* (f32) or *codes* (whole numbers under a `CodeRange`). Every node makes one value, named after it, from
 * values that stand before it in `nodes`.
 */
export interface Network {
  readonly input: { readonly name: string; readonly shape: Shape }
  readonly nodes: readonly Node[]
  /** The value that a run gives back: a float one. */
  readonly output: string
}

/** Codes 0..levels - 1 stand for `scale * (code - zeroPoint)`; a quantizer gives only minimum..maximum, which hold the zero point. */
export interface CodeRange {
  /** f32, above 0. */
  readonly scale: number
  readonly zeroPoint: number
  /** 2..256. */
  readonly levels: number
  readonly minimum: number
  readonly maximum: number
}

/** Weights as codes, one byte each here, packed at ceil(log2(levels)) bits each in a file. */
export interface WeightCodes {
  readonly codes: Uint8Array
  /** [height, width, inputs / groups, filters] of a convolution, [inputs, units] of a dense layer. */
  readonly shape: Shape
  /** 2..256. */
  readonly levels: number
  /** One for the tensor, or one for each filter; 0..levels - 1. */
  readonly zeroPoint: Uint8Array
}

/** float -> codes: clamp(roundHalfEven(x * f32(1 / scale)) + zeroPoint, minimum, maximum); NaN gives the minimum. */
export interface Quantize extends CodeRange {
  readonly operator: 'quantize'
  readonly name: string
  readonly input: string
}

/** codes -> float: scale * (code - zeroPoint). */
export interface Dequantize {
  readonly operator: 'dequantize'
  readonly name: string
  readonly input: string
}

/** codes [h, w, c] -> float [h', w', filters]: (sum of (code - zeroPoint) * (weight - its zero point) + bias) * scale. Padding is zero. */
export interface Conv2d {
  readonly operator: 'conv2d'
  readonly name: string
  readonly input: string
  readonly weights: WeightCodes
  /** One for each filter. */
  readonly bias: Int32Array
  /** f32(scale of the input * scale of the weights): one for the tensor, or one for each filter. */
  readonly scale: Float32Array
  readonly stride: Pair
  readonly padding: Padding
  /** Filter f sees the channels of group floor(f / (filters / groups)). As many groups as channels: depthwise. */
  readonly groups: number
}

/** codes [n] -> float [units]: a convolution of one pixel. */
export interface Dense {
  readonly operator: 'dense'
  readonly name: string
  readonly input: string
  readonly weights: WeightCodes
  readonly bias: Int32Array
  readonly scale: Float32Array
}

/** float [h, w, c] -> float [h', w', filters]: f32, summed from +0 by ky, kx, channel, each product and sum rounded, bias added last. */
export interface FloatConv2d {
  readonly operator: 'float-conv2d'
  readonly name: string
  readonly input: string
  /** [height, width, inputs, filters]. */
  readonly shape: Shape
  readonly weights: Float32Array
  readonly bias: Float32Array
  readonly stride: Pair
  readonly padding: Padding
}

/** float [n] -> float [units], summed like `FloatConv2d`. */
export interface FloatDense {
  readonly operator: 'float-dense'
  readonly name: string
  readonly input: string
  /** [inputs, units]. */
  readonly shape: Shape
  readonly weights: Float32Array
  readonly bias: Float32Array
}

/** codes or float [h, w, c]; padding never wins. */
export interface MaxPool {
  readonly operator: 'max-pool'
  readonly name: string
  readonly input: string
  readonly size: Pair
  readonly stride: Pair
  readonly padding: Padding
}

/** float [h, w, c]: the sum from +0 by ky, kx, divided by the number of summands. */
export interface AveragePool {
  readonly operator: 'average-pool'
  readonly name: string
  readonly input: string
  readonly size: Pair
  readonly stride: Pair
}

/** float [h, w, c] -> float [c]: the sum from +0 by y, x, divided by h * w. */
export interface GlobalAveragePool {
  readonly operator: 'global-average-pool'
  readonly name: string
  readonly input: string
}

/** Two floats of one shape -> their f32 sum. */
export interface Add {
  readonly operator: 'add'
  readonly name: string
  readonly inputs: readonly [string, string]
}

/** float -> float: x < minimum ? minimum : x > maximum ? maximum : x. null: no bound. relu is 0..null, relu6 0..6, hardtanh -1..1. */
export interface Clamp {
  readonly operator: 'clamp'
  readonly name: string
  readonly input: string
  readonly minimum: number | null
  readonly maximum: number | null
}

/** float -> float: the rational approximation that `tanhApproximation` computes. */
export interface Tanh {
  readonly operator: 'tanh'
  readonly name: string
  readonly input: string
}

/** float -> float: f32(x * factor). */
export interface Rescale {
  readonly operator: 'rescale'
  readonly name: string
  readonly input: string
  readonly factor: number
}

/** codes or float [h, w, c] -> [h * w * c], in that order. */
export interface Flatten {
  readonly operator: 'flatten'
  readonly name: string
  readonly input: string
}

/** codes or float [h, w, c] -> [h, w, before + c + after]: new channels are zero. */
export interface PadChannels {
  readonly operator: 'pad-channels'
  readonly name: string
  readonly input: string
  readonly before: number
  readonly after: number
}

export type Node =
  | Quantize
  | Dequantize
  | Conv2d
  | Dense
  | FloatConv2d
  | FloatDense
  | MaxPool
  | AveragePool
  | GlobalAveragePool
  | Add
  | Clamp
  | Tanh
  | Rescale
  | Flatten
  | PadChannels

export type Operator = Node['operator']

/** The values that a node reads. */
export function inputsOf(node: Node): readonly string[] {
  return node.operator === 'add' ? node.inputs : [node.input]
}
