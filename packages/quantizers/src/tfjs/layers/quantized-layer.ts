import * as tf from '@tensorflow/tfjs'
import { QuantizerError } from '../../quantizer-error.js'
import { type ChannelRange, isChannelRange, type QuantizationRange, validateRange } from '../../range.js'
import { affine, type Scheme, type TensorScheme, validateScheme } from '../../scheme.js'
import type { Bounds } from '../operations/clamp.js'
import { type KernelIntegers, kernelIntegers } from './kernel-integers.js'
import { type LayerConstants, layerConstants } from './layer-constants.js'
import { activated, layerOperands } from './layer-operands.js'
import { type LearnedSteps, learnedOperands, trainedRange, writeSteps } from './learned-steps.js'
import {
  boundsOf,
  type LayerQuantizer,
  type QuantizationArgs,
  quantizerOf,
  rangeConfig,
  strengthOf,
  tensorScheme,
} from './quantization-args.js'

type LayerArgs = NonNullable<ConstructorParameters<typeof tf.layers.Layer>[0]>

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
 * With `strength` below 1, each of a, w' and b' is only partly quantized: `(1 - strength) v + strength q`, v the number that
 * was clamped and rounded (x after the activation, times inv(s_x)) and q what it became.
 *
 * Gradients are straight-through: zero where a clamp cut, as if there were no rounding elsewhere. With quantizer 'lsq' the
 * scales are trained too (`lsq`), and ranges always show them as they are now.
 *
 * Weights: `kernel`, `bias` (as the float layer's), with 'lsq' `input_step` and `weight_step`, and, not trainable,
 * `kernel_mask` and `bias_mask`: 1 where quantized.
 */
export abstract class QuantizedLayer extends tf.layers.Layer {
  readonly inputScheme: TensorScheme
  readonly weightScheme: Scheme
  readonly inputActivation: Bounds | null
  readonly quantizer: LayerQuantizer
  /** The float layer: its weights are this layer's, and it is what this layer computes while nothing is quantized. */
  protected readonly floatLayer: tf.layers.Layer
  readonly #outputActivation: tf.layers.Layer | null
  #inputRange: QuantizationRange | null = null
  #weightRange: QuantizationRange | ChannelRange | null = null
  #kernelMask: tf.LayerVariable | null = null
  #biasMask: tf.LayerVariable | null = null
  #steps: LearnedSteps | null = null
  #constants: LayerConstants | null = null
  #strength: number

  constructor(args: LayerArgs & QuantizationArgs, floatLayer: tf.layers.Layer) {
    super(args)
    this.floatLayer = floatLayer
    this.inputSpec = floatLayer.inputSpec
    this.supportsMasking = floatLayer.supportsMasking
    this.inputScheme = tensorScheme(args.inputScheme ?? affine({ bits: 8 }))
    this.weightScheme = validateScheme(args.weightScheme ?? affine({ bits: 8 }))
    this.inputActivation = boundsOf(args.inputActivation)
    this.quantizer = quantizerOf(args.quantizer)
    this.#strength = strengthOf(args.strength)
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
    return this.#inputRange !== null && this.#steps !== null
      ? trainedRange(this.#steps.input, this.#inputRange)
      : this.#inputRange
  }

  setInputRange(range: QuantizationRange | null): void {
    if (range !== null && isChannelRange(range)) {
      throw new QuantizerError(
        'RANGE',
        `setInputRange(): a range per channel for ${this.name}, expected one per tensor`,
      )
    }
    this.#inputRange = range === null ? null : validateRange(range, 'setInputRange')
    if (range !== null && this.#steps !== null) writeSteps(this.#steps.input, range)
    this.#releaseConstants()
  }

  /** The range of the weights that the masks name; `null` while all are float. */
  get weightRange(): QuantizationRange | ChannelRange | null {
    return this.#weightRange !== null && this.#steps !== null
      ? trainedRange(this.#steps.weights, this.#weightRange)
      : this.#weightRange
  }

  setWeightRange(range: QuantizationRange | ChannelRange | null): void {
    this.#weightRange = range === null ? null : this.#validateWeightRange(range)
    if (range !== null && this.#steps !== null) writeSteps(this.#steps.weights, range)
    this.#releaseConstants()
  }

  /** How much of the quantization is in effect, 0..1; 1 is what integers compute. */
  get strength(): number {
    return this.#strength
  }

  setStrength(strength: number): void {
    this.#strength = strengthOf(strength)
  }

  /** The scales that are trained with quantizer 'lsq'; `null` otherwise. */
  get learnedSteps(): LearnedSteps | null {
    return this.#steps
  }

  /**
   * The kernel as the integers that it is quantized to, at full strength; `null` while all weights are float. Call it in
   * tf.tidy().
   */
  kernelIntegers(): KernelIntegers | null {
    const { filters } = this.#currentConstants()
    return filters === null ? null : kernelIntegers(this.kernel.read(), this.kernelMask.read(), filters, this.#steps)
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
    if (this.quantizer === 'lsq') this.#steps = this.#addSteps()
    this.setInputRange(this.#inputRange)
    this.setWeightRange(this.#weightRange)
    this.built = true
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Parameters<tf.layers.Layer['call']>[1]): tf.Tensor {
    return tf.tidy(() => {
      const given = Array.isArray(inputs) ? inputs[0]! : inputs
      const x = given.dtype === 'float32' ? given : tf.cast(given, 'float32')
      if (this.#inputRange === null && this.#weightRange === null) {
        return this.floatLayer.call(this.activateInput(x), kwargs) as tf.Tensor
      }
      const y = this.#quantizedOutput(x)
      return this.#outputActivation === null ? y : (this.#outputActivation.apply(y) as tf.Tensor)
    })
  }

  /** The input as the quantizer finds it: after the activation that the layer took in. */
  activateInput(x: tf.Tensor): tf.Tensor {
    return activated(x, this.inputActivation)
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
      quantizer: this.quantizer,
      inputRange: rangeConfig(this.inputRange),
      weightRange: rangeConfig(this.weightRange),
      strength: this.strength,
    }
  }

  protected override disposeWeights(): number {
    this.#releaseConstants()
    return super.disposeWeights()
  }

  #quantizedOutput(x: tf.Tensor): tf.Tensor {
    const state = {
      x,
      kernel: this.kernel.read(),
      kernelMask: this.kernelMask.read(),
      bias: this.bias?.read() ?? null,
      biasMask: this.#biasMask?.read() ?? null,
      constants: this.#currentConstants(),
      strength: this.#strength,
    }
    const ranges = { inputRange: this.#inputRange, weightRange: this.#weightRange }
    const operands = this.#steps === null ? layerOperands(state) : learnedOperands(state, this.#steps, ranges)
    return this.accumulate(operands.a, operands.kernel, operands.bias, operands.scale)
  }

  #addSteps(): LearnedSteps {
    const ones = tf.initializers.ones()
    const steps = this.weightScheme.axis === undefined ? 1 : this.filters
    return {
      input: this.addWeight('input_step', [1], 'float32', ones),
      weights: this.addWeight('weight_step', [steps], 'float32', ones),
    }
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
    if (this.#steps !== null && isChannelRange(range) !== (this.weightScheme.axis !== undefined)) {
      throw new QuantizerError(
        'RANGE',
        `setWeightRange(): a range per ${isChannelRange(range) ? 'channel' : 'tensor'} for ${this.name}, expected one as its scheme says: its steps are trained`,
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
