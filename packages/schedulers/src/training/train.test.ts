import { minMax, mmse } from '@lowbit/quantizers'
import { dampeningLoss, describeQuantization, type LayerQuantizer, quantizedLayers } from '@lowbit/quantizers/tfjs'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { collect } from '../../test/collect.js'
import { accuracy, quantizableToy, toyBatches, toyNetwork, weightBits } from '../../test/toy-problem.js'
import { direct, incremental, layerByLayer, neuronByNeuron, type Plan, stepsPerStage } from '../plans/index.js'
import { train } from './train.js'
import { trainFloat } from './train-float.js'
import type { TrainingEvent } from './training-event.js'
import type { TrainingOptions } from './training-options.js'

const batches = toyBatches()
const calibration = { count: 32 }

async function run(
  model: tf.LayersModel,
  plan: Plan,
  options: Partial<TrainingOptions> = {},
): Promise<TrainingEvent[]> {
  return collect(train(model, plan, batches, { learningRate: 0.01, calibration, ...options }))
}

beforeAll(() => tf.setBackend('cpu'))

describe('train', () => {
  it('trains a float network and then the same network down to 2 bits', async () => {
    const float = toyNetwork()
    const losses: number[] = []
    for await (const event of trainFloat(float, batches, { steps: 150, learningRate: 0.01, reportEvery: 25 })) {
      if (event.type === 'step') losses.push(event.loss)
    }
    expect(losses).toHaveLength(6)
    expect(losses.at(-1)).toBeLessThan(0.5)
    const floatAccuracy = accuracy(float, toyBatches({ seed: 2 }))
    expect(floatAccuracy).toBeGreaterThan(0.9)

    const model = quantizableToy({ bits: 2 })
    model.getLayer('stem').setWeights(float.getLayer('stem').getWeights())
    for (const name of ['conv1', 'conv2', 'fc1', 'classifier']) {
      const masks = model.getLayer(name).getWeights().slice(2)
      model.getLayer(name).setWeights([...float.getLayer(name).getWeights(), ...masks])
    }
    await run(model, neuronByNeuron(quantizedLayers(model), { steps: 120, groups: 2 }))
    for (const layer of describeQuantization(model)) {
      expect(layer.quantizedWeights).toBe(layer.filters * layer.weightsPerFilter)
      expect(layer.quantizedBiases).toBe(layer.filters)
    }
    expect(accuracy(model, toyBatches({ seed: 2 }))).toBeGreaterThan(0.75)
  })

  it('reports stages, steps, measurements and checkpoints in order', async () => {
    const model = quantizableToy()
    const plan = stepsPerStage(layerByLayer(quantizedLayers(model), { steps: 0 }), 4)
    const events = await run(model, plan, {
      reportEvery: 3,
      checkpointEvery: 5,
      evaluateEvery: 6,
      evaluate: () => ({ answer: 42 }),
    })
    const line = (event: TrainingEvent) =>
      `${event.step} ${event.name} ${event.type}${event.type === 'evaluated' ? ` ${event.at} ${event.metrics.answer}` : ''}`
    expect(events.map(line)).toEqual([
      '0 conv1 stage-begin',
      '0 conv1 evaluated stage-begin 42',
      '3 conv1 step',
      '4 conv1 step',
      '4 conv1 evaluated stage-end 42',
      '4 conv1 stage-end',
      '4 conv2 stage-begin',
      '4 conv2 evaluated stage-begin 42',
      '5 conv2 checkpoint',
      '6 conv2 step',
      '6 conv2 evaluated step 42',
      '8 conv2 step',
      '8 conv2 evaluated stage-end 42',
      '8 conv2 stage-end',
      '8 fc1 stage-begin',
      '8 fc1 evaluated stage-begin 42',
      '9 fc1 step',
      '10 fc1 checkpoint',
      '12 fc1 step',
      '12 fc1 evaluated step 42',
      '12 fc1 evaluated stage-end 42',
      '12 fc1 stage-end',
    ])
    const begins = events.filter((event) => event.type === 'stage-begin')
    expect(begins.map(({ trainable }) => trainable)).toEqual([458, 183, 36])
  })

  it('lowers the learning rate over the run and multiplies it stage by stage', async () => {
    const model = quantizableToy()
    const layers = quantizedLayers(model)
    const plan = layerByLayer(layers, { steps: 6, learningRate: { across: [1, 0.5], within: [1, 0.5] } })
    const events = await run(model, plan, { reportEvery: 1, decay: { kind: 'step', every: 4, factor: 0.1 } })
    const rates = events.filter((event) => event.type === 'step').map(({ learningRate }) => learningRate)
    const expected = [0.01, 0.005, 0.0075, 0.00375, 0.0005, 0.00025]
    rates.forEach((rate, i) => {
      expect(rate).toBeCloseTo(expected[i]!, 9)
    })
  })

  it('is a pure function of its arguments, to the bit', async () => {
    const results = []
    for (let i = 0; i < 2; i++) {
      const model = quantizableToy()
      await run(model, neuronByNeuron(quantizedLayers(model), { steps: 16, groups: 2 }))
      results.push(weightBits(model))
    }
    expect(results[1]).toEqual(results[0])
  })

  it('finds ranges with the estimator that it is given', async () => {
    const scaleWith = async (options: Partial<TrainingOptions>) => {
      const model = quantizableToy()
      await run(model, direct(quantizedLayers(model), { steps: 1 }), options)
      return quantizedLayers(model)[0]!.inputRange!.scale
    }
    expect(await scaleWith({ estimator: mmse })).toBe(await scaleWith({}))
    expect(await scaleWith({ estimator: minMax })).toBeGreaterThan(await scaleWith({}))
  })

  it('passes over the steps of a stage in which nothing trains, and their batches', async () => {
    const model = quantizableToy({ trainableStem: false })
    model.getLayer('classifier').trainable = false
    const asked: number[] = []
    const plan = stepsPerStage(layerByLayer(quantizedLayers(model), { steps: 0, wholeShare: 0.5 }), 2)
    const events = await collect(
      train(
        model,
        plan,
        (from) => {
          asked.push(from)
          return batches(from)
        },
        { learningRate: 0.01, calibration },
      ),
    )
    expect(events.filter((event) => event.type === 'step').map(({ step }) => step)).toEqual([2, 4, 8])
    // Calibration, then the first step, then the first one after the stage that was passed over.
    expect(asked).toEqual([0, 0, 6])
  })

  it('smooths labels, distils, decays, clips: each changes what is learnt', async () => {
    const learnt = async (options: Partial<TrainingOptions>) => {
      const model = toyNetwork()
      await collect(trainFloat(model, batches, { steps: 4, learningRate: 0.01, ...options }))
      return weightBits(model)
    }
    const plain = await learnt({})
    const sgd = { optimizer: (rate: number) => tf.train.sgd(rate) }
    expect(await learnt({ labelSmoothing: 0.1 })).not.toEqual(plain)
    expect(await learnt({ weightDecay: 0.1 })).not.toEqual(plain)
    expect(await learnt({ distillation: { teacher: toyNetwork({ seed: 99 }) } })).not.toEqual(plain)
    expect(await learnt({ ...sgd, clipNorm: 0.01 })).not.toEqual(await learnt(sgd))
    expect(await learnt({ ...sgd, clipNorm: 1e6 })).toEqual(await learnt(sgd))
  })

  it('decays weights as AdamW does: by the learning rate, apart from the gradient', async () => {
    const model = toyNetwork()
    const before = model.getLayer('conv1').getWeights()[0]!.dataSync().slice()
    const still = (rate: number) => Object.assign(tf.train.sgd(0), { setLearningRate: () => expect(rate).toBe(0.5) })
    const decay = { kind: 'constant' } as const
    await collect(
      trainFloat(model, batches, { steps: 2, learningRate: 0.5, weightDecay: 0.2, decay, optimizer: still }),
    )
    model
      .getLayer('conv1')
      .getWeights()[0]!
      .dataSync()
      .forEach((value, i) => {
        expect(value).toBeCloseTo(before[i]! * 0.9 ** 2, 6)
      })
  })

  it('leaves no tensors behind, finished or broken off', async () => {
    const model = quantizableToy()
    const plan = neuronByNeuron(quantizedLayers(model), { steps: 12, groups: 2 })
    await run(model, plan)
    const before = tf.memory().numTensors
    const averaging = { decay: 0.9 }
    await run(model, plan, { averaging })
    for await (const event of train(model, direct(plan.layers, { steps: 9 }), batches, {
      learningRate: 0.01,
      reportEvery: 1,
      averaging,
    })) {
      if (event.step === 3) break
    }
    expect(tf.memory().numTensors).toBeLessThanOrEqual(before)
  })
})

describe('training of a network of 2 bits', () => {
  const steps = 20
  async function trained(options: Partial<TrainingOptions>, quantizer: LayerQuantizer = 'straightThrough') {
    const model = quantizableToy({ bits: 2, quantizer })
    const events = await run(model, direct(quantizedLayers(model), { steps }), options)
    return { model, events }
  }

  it('moves smoothly from the float network to the quantized one', async () => {
    const strengths: number[] = []
    const evaluate = (model: tf.LayersModel) => {
      strengths.push(quantizedLayers(model)[0]!.strength)
      return {}
    }
    const { model } = await trained({ smoothing: { share: 0.5 }, evaluate, evaluateEvery: 4 })
    expect(strengths).toEqual([0, 0.4, 0.8, 1, 1, 1, 1])
    expect(weightBits(model)).not.toEqual(weightBits((await trained({})).model))
  })

  it('dampens oscillations: weights end closer to their levels', async () => {
    const distance = ({ model }: { model: tf.LayersModel }) =>
      tf.tidy(() => tf.addN(quantizedLayers(model).map(dampeningLoss)).dataSync()[0]!)
    expect(distance(await trained({ dampening: { weight: 1 } }))).toBeLessThan(0.9 * distance(await trained({})))
    expect(weightBits((await trained({ dampening: { weight: 0 } })).model)).toEqual(
      weightBits((await trained({})).model),
    )
  })

  it('freezes weights that oscillate at their level', async () => {
    const integers = ({ model }: { model: tf.LayersModel }) =>
      quantizedLayers(model).flatMap((layer) =>
        tf.tidy(() => {
          const { integers, intervals } = layer.kernelIntegers()!
          const distances = tf.sub(tf.mul(layer.kernel.read(), intervals.inverseScale), integers).dataSync()
          return [...distances].filter((distance) => Math.abs(distance) < 1e-5)
        }),
      ).length
    const rough = { learningRate: 0.05, decay: { kind: 'constant' } } as const
    const free = integers(await trained(rough))
    const frozen = integers(await trained({ ...rough, freezing: { threshold: [0.01, 0.01], momentum: 0.1 } }))
    expect(free).toBeLessThan(5)
    expect(frozen).toBeGreaterThan(20)
  })

  it('ends with the average of what the last stage went through', async () => {
    const kernelOf = (model: tf.LayersModel) => model.getLayer('conv1').getWeights()[0]!.dataSync()
    const kernels: Float32Array[] = []
    const evaluate = (model: tf.LayersModel) => {
      kernels.push(kernelOf(model).slice() as Float32Array)
      return {}
    }
    const model = quantizableToy({ bits: 2, quantizer: 'lsq' })
    const plan = neuronByNeuron(quantizedLayers(model), { steps, groups: 2 })
    const { steps: last } = plan.stages.at(-1)!
    await run(model, plan, { averaging: { decay: 0.75 }, evaluate, evaluateEvery: 1 })
    // The end is measured once as the last step's and once as the stage's, averaged.
    const [first, ...others] = kernels.slice(-last - 1, -1)
    const average = others.reduce((sum, kernel) => sum.map((a, i) => 0.75 * a + 0.25 * kernel[i]!), first!)
    expect(others).toHaveLength(last - 1)
    expect(kernels.at(-1)).toEqual(kernelOf(model))
    kernelOf(model).forEach((weight, i) => {
      expect(weight).toBeCloseTo(average[i]!, 6)
    })
    expect(weightBits((await trained({ averaging: { decay: 0 } })).model)).toEqual(
      weightBits((await trained({})).model),
    )
  })

  it('trains steps at a rate of their own', async () => {
    const stepsOf = ({ model }: { model: tf.LayersModel }) =>
      quantizedLayers(model).map(({ inputRange, weightRange }) => [inputRange!.scale, weightRange!.scale])
    const fixed = stepsOf(await trained({ stepRate: 0 }, 'lsq'))
    expect(stepsOf(await trained({}))).toEqual(fixed)
    // One step of Adam moves each by the rate.
    const once = async (stepRate: number) => {
      const model = quantizableToy({ bits: 2, quantizer: 'lsq' })
      await run(model, direct(quantizedLayers(model), { steps: 1 }), { stepRate })
      return stepsOf({ model }).flat(2) as number[]
    }
    const [still, tenth] = [await once(0), await once(0.1)]
    for (const [i, step] of still.entries()) expect(Math.abs(tenth[i]! - step)).toBeCloseTo(0.001, 5)
    expect(stepsOf(await trained({ stepRate: 0, weightDecay: 0.1 }, 'lsq'))).toEqual(fixed)
  })

  it('keeps the bits of steps that are frozen, whatever their rate', async () => {
    const model = quantizableToy({ bits: 2, quantizer: 'lsq' })
    const plan = layerByLayer(quantizedLayers(model), { steps: 60 })
    const scales: Record<string, number[]> = {}
    for await (const event of train(model, plan, batches, { learningRate: 0.02, calibration, stepRate: 0.1 })) {
      if (event.type !== 'stage-begin') continue
      for (const { name, inputRange, weightRange } of quantizedLayers(model)) {
        if (weightRange === null) continue
        scales[name] ??= [inputRange!.scale, weightRange.scale as number]
        expect([inputRange!.scale, weightRange.scale]).toEqual(scales[name])
      }
    }
    for (const { name, inputRange, weightRange } of quantizedLayers(model)) {
      expect([inputRange!.scale, weightRange!.scale]).toEqual(scales[name])
    }
  })

  it('quantizes wholly where a plan of no steps is to do so smoothly', async () => {
    const model = quantizableToy()
    await run(model, direct(quantizedLayers(model), { steps: 0 }), { smoothing: { share: 0.5 } })
    expect(quantizedLayers(model).map(({ weightRange }) => weightRange !== null)).toEqual([true, true, true])
  })
})

describe('frozen weights', () => {
  const optimizers: Record<string, Partial<TrainingOptions>> = {
    'Adam with weight decay': { weightDecay: 0.1 },
    'Adam whose moments live on': { optimizerState: 'kept' },
    'momentum with clipped gradients': { optimizer: (rate) => tf.train.momentum(rate, 0.9), clipNorm: 0.5 },
  }
  it.each(Object.keys(optimizers))('keep their bits under %s, the others move', async (name) => {
    const model = quantizableToy()
    // Half of each layer in a first stage, which also gives the moments something to carry, the rest in a second one.
    const plan = incremental(quantizedLayers(model), { steps: 10, fractions: [0.5, 1] })
    const bits: Record<string, Uint32Array>[] = []
    const options = { learningRate: 0.005, calibration, ...optimizers[name]! }
    for await (const event of train(model, plan, batches, options)) {
      if (event.type !== 'step') bits.push(weightBits(model))
    }
    const [begin, end, secondBegin, secondEnd] = bits
    let moved = 0
    end!['conv1/kernel']!.forEach((value, i) => {
      if (end!['conv1/kernel_mask']![i] === 0) moved += value === begin!['conv1/kernel']![i] ? 0 : 1
      else expect(value).toBe(begin!['conv1/kernel']![i])
    })
    expect(moved).toBeGreaterThan(50)
    for (const frozen of ['conv1/kernel', 'conv1/bias', 'conv2/kernel', 'fc1/kernel', 'fc1/bias']) {
      expect(secondEnd![frozen]).toEqual(secondBegin![frozen])
    }
    expect(secondEnd!['classifier/kernel']).not.toEqual(secondBegin!['classifier/kernel'])
  })
})
