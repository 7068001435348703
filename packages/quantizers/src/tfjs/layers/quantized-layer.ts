import * as tf from '@tensorflow/tfjs'
import { QuantizerError } from '../../quantizer-error.js'
import { type ChannelRange, isChannelRange, type QuantizationRange, validateRange } from '../../range.js'
import { affine, type Scheme, type TensorScheme, validateScheme } from '../../scheme.js'
import { type Bounds, clamp } from '../operations/clamp.js'
import { integerFilters } from '../operations/integer-filters.js'
import { integerInput } from '../operations/integer-input.js'
import { type LayerConstants, layerConstants } from './layer-constants.js'

type LayerArgs = NonNullable<ConstructorParameters<typeof tf.layers.Layer>[0]>

/** What a quantized layer is given beside the arguments of the float layer; all of it goes through `getConfig`. */
export interface QuantizationArgs {
  /** What its input may become; 8 bits, affine where absent. */
  inputScheme?: TensorScheme | null
  /** What its kernel may become, per tensor or per filter (the last axis); 8 bits, affine where absent. */
  weightScheme?: Scheme | null
  /** The clamping activation that stood directly before the layer and is now part of it. */
  inputActivation?: Bounds | null
  /** `null`: the input is float. */
  inputRange?: QuantizationRange | null
  /** `null`: all weights are float. Which of them are quantized otherwise, the masks say. */
  weightRange?: QuantizationRange | ChannelRange | null
}

/**
 * A convolution or product whose input and weights can be quantized, the weights a few at a time. With input range
 * (s_x, z_x, L_x), weight range (s_w, z_w, L_w) and inv(s) = fround(1 / s):
 *
 *     a  = clamp(round(x * inv(s_x)), -z_x, L_x - 1 - z_x)       integers in f32; zero is 0
 *     w' = quantized ? clamp(round(w * inv(s_w)), -z_w, L_w - 1 - z_w) : w * inv(s_w)
 *     b' = quantized ? round(b * inv(fround(s_x * s_w))) : b * inv(fround(s_x * s_w))
 *     y  = activation((a * w' + b') * fround(s_x * s_w))
 *
 * An `inputActivation` narrows the interval of `a`. Without an input range a = inputActivation(x), s_x = 1 and no bias is
 * rounded; without a weight range w' = w and s_w = 1; without both the layer is the float layer, bit for bit. While all is
 * quantized and |a * w' + b'| stays below 2^24, y has the same bits on every backend.
 *
 * Gradients are straight-through: zero where a clamp cut, as if there were no rounding elsewhere.
 *
 * Weights: `kernel`, `bias` (as the float layer's) and, not trainable, `kernel_mask` and `bias_mask`: 1 where quantized.
 */
export abstract class QuantizedLayer extends tf.layers.Layer {
  readonly inputScheme: TensorScheme
  readonly weightScheme: Scheme
  readonly inputActivation: Bounds | null
  /** The float layer: its weights are this layer's, and it is what this layer computes while nothing is quantized. */
  protected readonly floatLayer: tf.layers.Layer
  readonly #outputActivation: tf.layers.Layer | null
  #inputRange: QuantizationRange | null = null
  #weightRange: QuantizationRange | ChannelRange | null = null
  #kernelMask: tf.LayerVariable | null = null
  #biasMask: tf.LayerVariable | null = null
  #constants: LayerConstants | null = null

  constructor(args: LayerArgs & QuantizationArgs, floatLayer: tf.layers.Layer) {
    super(args)
    this.floatLayer = floatLayer
    this.inputSpec = floatLayer.inputSpec
    this.supportsMasking = floatLayer.supportsMasking
    this.inputScheme = validateScheme(args.inputScheme ?? affine({ bits: 8 })) as TensorScheme
    this.weightScheme = validateScheme(args.weightScheme ?? affine({ bits: 8 }))
    this.inputActivation = boundsOf(args.inputActivation)
    const { activation } = floatLayer.getConfig()
    this.#outputActivation =
      typeof activation === 'string' && activation !== 'linear'
        ? tf.layers.activation({ activation: activation as Parameters<typeof tf.layers.activation>[0]['activation'] })
        : null
    this.setInputRange(args.inputRange ?? null)
    this.#weightRange = args.weightRange ?? null
  }

  /** `(a * kernel + bias) * scale` for this kind of layer. */
  protected abstract accumulate(a: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor, scale: tf.Tensor): tf.Tensor

  /** The input's range; `null` while it is float. */
  get inputRange(): QuantizationRange | null {
    return this.#inputRange
  }

  setInputRange(range: QuantizationRange | null): void {
    if (range !== null && isChannelRange(range)) {
      throw new QuantizerError(
        'RANGE',
        `setInputRange(): a range per channel for ${this.name}, expected one per tensor`,
      )
    }
    this.#inputRange = range === null ? null : validateRange(range, 'setInputRange')
    this.#releaseConstants()
  }

  /** The range of the weights that the masks name; `null` while all are float. */
  get weightRange(): QuantizationRange | ChannelRange | null {
    return this.#weightRange
  }

  setWeightRange(range: QuantizationRange | ChannelRange | null): void {
    this.#weightRange = range === null ? null : this.#validateWeightRange(range)
    this.#releaseConstants()
  }

  /** Height, width, channels, filters; or inputs, units. */
  get kernel(): tf.LayerVariable {
    return this.#builtWeight(this.floatLayer.weights[0])
  }

  /** [filters]; `null` where the layer has none. */
  get bias(): tf.LayerVariable | null {
    return this.floatLayer.weights[1] ?? null
  }

  /** The kernel's shape, f32: 1 where a weight is quantized. */
  get kernelMask(): tf.LayerVariable {
    return this.#builtWeight(this.#kernelMask ?? undefined)
  }

  /** [filters], f32: 1 where a bias is quantized; `null` where the layer has no bias. */
  get biasMask(): tf.LayerVariable | null {
    return this.#biasMask
  }

  get filters(): number {
    return this.kernel.shape.at(-1)!
  }

  get weightsPerFilter(): number {
    return this.kernel.shape.slice(0, -1).reduce<number>((product, size) => product * size!, 1)
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    this.floatLayer.build(inputShape)
    this.inputSpec = this.floatLayer.inputSpec
    this._trainableWeights = [...this.floatLayer.weights]
    this.addLoss(this.floatLayer.losses)
    const mask = (name: string, shape: tf.Shape) =>
      this.addWeight(name, shape, 'float32', tf.initializers.zeros(), undefined, false)
    this.#kernelMask = mask('kernel_mask', this.kernel.shape)
    this.#biasMask = this.bias === null ? null : mask('bias_mask', this.bias.shape)
    if (this.#weightRange !== null) this.#validateWeightRange(this.#weightRange)
    this.built = true
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Parameters<tf.layers.Layer['call']>[1]): tf.Tensor {
    return tf.tidy(() => {
      const x = Array.isArray(inputs) ? inputs[0]! : inputs
      if (this.#inputRange === null && this.#weightRange === null) {
        return this.floatLayer.call(this.activateInput(x), kwargs) as tf.Tensor
      }
      const constants = this.#currentConstants()
      const a = constants.input === null ? this.activateInput(x) : integerInput(x, constants.input)
      const kernel =
        constants.filters === null
          ? this.kernel.read()
          : integerFilters(this.kernel.read(), this.kernelMask.read(), constants.filters)
      const biasMask = constants.biasMask ?? this.#biasMask?.read()
      const bias =
        this.bias === null || biasMask === undefined
          ? constants.noBias
          : integerFilters(this.bias.read(), biasMask, constants.biases)
      const y = this.accumulate(a, kernel, bias, constants.scale)
      return this.#outputActivation === null ? y : (this.#outputActivation.apply(y) as tf.Tensor)
    })
  }

  /** The input as the quantizer finds it: after the activation that the layer took in. */
  activateInput(x: tf.Tensor): tf.Tensor {
    return this.inputActivation === null ? x : clamp(x, this.inputActivation)
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape | tf.Shape[] {
    return this.floatLayer.computeOutputShape(inputShape)
  }

  override setFastWeightInitDuringBuild(value: boolean): void {
    super.setFastWeightInitDuringBuild(value)
    this.floatLayer.setFastWeightInitDuringBuild(value)
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {
      ...this.floatLayer.getConfig(),
      ...super.getConfig(),
      inputScheme: { ...this.inputScheme },
      weightScheme: { ...this.weightScheme },
      inputActivation: this.inputActivation === null ? null : { ...this.inputActivation },
      inputRange: rangeConfig(this.#inputRange),
      weightRange: rangeConfig(this.#weightRange),
    }
  }

  protected override disposeWeights(): number {
    this.#releaseConstants()
    return super.disposeWeights()
  }

  #currentConstants(): LayerConstants {
    this.#constants ??= layerConstants({
      filters: this.filters,
      inputRange: this.#inputRange,
      weightRange: this.#weightRange,
      inputActivation: this.inputActivation,
    })
    return this.#constants
  }

  #releaseConstants(): void {
    if (this.#constants !== null) tf.dispose(this.#constants.tensors)
    this.#constants = null
  }

  #validateWeightRange(range: QuantizationRange | ChannelRange): QuantizationRange | ChannelRange {
    validateRange(range, 'setWeightRange')
    const rank = this.kernel.shape.length
    if (isChannelRange(range) && (range.scale.length !== this.filters || ![-1, rank - 1].includes(range.axis))) {
      throw new QuantizerError(
        'RANGE',
        `setWeightRange(): ${range.scale.length} scales on axis ${range.axis} for ${this.name}, expected ${this.filters} on axis ${rank - 1}`,
      )
    }
    return range
  }

  #builtWeight(weight: tf.LayerVariable | undefined): tf.LayerVariable {
    if (weight === undefined) {
      throw new QuantizerError('LAYER', `${this.name} has no weights yet, expected a layer that is part of a model`)
    }
    return weight
  }
}

function boundsOf(bounds: Bounds | null | undefined): Bounds | null {
  if (bounds === null || bounds === undefined) return null
  const { minimum, maximum } = bounds
  if (!(minimum <= 0 && (maximum ?? 0) >= 0)) {
    throw new QuantizerError('OPTION', `inputActivation is ${minimum}..${maximum}, expected an interval that holds 0`)
  }
  // JSON writes an absent maximum as null.
  return typeof maximum === 'number' ? { minimum, maximum } : { minimum }
}

function rangeConfig(range: QuantizationRange | ChannelRange | null): tf.serialization.ConfigDict | null {
  if (range === null) return null
  return isChannelRange(range) ? { ...range, scale: [...range.scale], zeroPoint: [...range.zeroPoint] } : { ...range }
}
