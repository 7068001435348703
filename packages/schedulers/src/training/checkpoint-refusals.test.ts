import { quantizedLayers } from '@lowbit/quantizers/tfjs'
import { readSafetensors, type Tensor, writeSafetensors } from '@lowbit/safetensors'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { collect } from '../../test/collect.js'
import { quantizableToy, toyBatches, toyNetwork, weightBits } from '../../test/toy-problem.js'
import { direct, filterByFilter, floatTraining } from '../plans/index.js'
import { readLayerStates } from './layer-states.js'
import { train } from './train.js'

const batches = toyBatches()
const calibration = { count: 16 }

beforeAll(() => tf.setBackend('cpu'))

type Toy = Parameters<typeof quantizableToy>[0]

describe('a checkpoint', () => {
  const plan = floatTraining({ steps: 2 })
  const options = { learningRate: 0.01 }
  async function checkpoint(): Promise<Uint8Array> {
    for await (const event of train(toyNetwork(), plan, batches, { ...options, checkpointEvery: 1 })) {
      if (event.type === 'checkpoint') return event.bytes
    }
    throw new Error('no checkpoint')
  }
  const resume = (bytes: Uint8Array, model = toyNetwork(), of = plan) =>
    expect(collect(train(model, of, batches, { ...options, resume: bytes }))).rejects
  async function altered(change: (file: ReturnType<typeof readSafetensors>) => void): Promise<Uint8Array> {
    const file = readSafetensors(await checkpoint())
    change(file)
    return writeSafetensors(file.tensors, file.metadata)
  }

  it('of another plan is refused', async () => {
    await resume(await checkpoint(), toyNetwork(), floatTraining({ steps: 3 })).toMatchObject({
      code: 'CHECKPOINT',
      message: expect.stringMatching(/it belongs to plan [0-9a-f]{16} \(float\); expected [0-9a-f]{16} \(float\)/),
    })
  })

  it('of another network is refused, and the network stays as it was', async () => {
    const model = quantizableToy()
    const before = weightBits(model)
    await resume(await checkpoint(), model).toThrow('weight conv1/kernel_mask is absent; expected F32 [3,3,4,6]')
    expect(weightBits(model)).toEqual(before)
  })

  it('that knows of no oscillations is refused where weights are to be frozen by them, and the network stays as it was', async () => {
    const at = direct(quantizedLayers(quantizableToy()), { steps: 4 })
    const sparing = { learningRate: 0.01, calibration, checkpointEvery: 2 }
    const events = await collect(train(quantizableToy(), at, batches, sparing))
    const bytes = events.find((event) => event.type === 'checkpoint')!.bytes
    const model = quantizableToy()
    const before = [weightBits(model), readLayerStates(model)]
    const options = { ...sparing, resume: bytes, freezing: { threshold: [0.1, 0.1] } } as const
    await expect(collect(train(model, at, batches, options))).rejects.toMatchObject({
      code: 'CHECKPOINT',
      message: expect.stringMatching(/oscillations\/conv1\/\w+ is absent/),
    })
    expect([weightBits(model), readLayerStates(model)]).toEqual(before)
  })

  it('that knows of no averages is refused where the run is to end with them', async () => {
    const model = toyNetwork()
    const before = weightBits(model)
    const averaging = { decay: 0.9 }
    const rest = train(model, plan, batches, { ...options, resume: await checkpoint(), averaging })
    await expect(collect(rest)).rejects.toThrow('it holds no averages')
    expect(weightBits(model)).toEqual(before)
  })

  it('with damaged ranges is refused, and the network stays as it was', async () => {
    const at = direct(quantizedLayers(quantizableToy()), { steps: 2 })
    const events = await collect(train(quantizableToy(), at, batches, { ...options, calibration, checkpointEvery: 1 }))
    const { bytes } = events.find((event) => event.type === 'checkpoint')!
    const { layers: json = '' } = readSafetensors(bytes).metadata
    const states = JSON.parse(json)
    const ofFc1 = (changes: object) => JSON.stringify({ ...states, fc1: { ...states.fc1, ...changes } })
    const perChannel = { scale: [1, 1], zeroPoint: [1, 1], levels: 4, axis: 1 }
    const damaged: [layers: string, message: string][] = [
      ['', 'its quantized layers: '],
      ['null', 'its quantized layers: '],
      ['{}', 'its quantized layers are ; expected conv1, conv2, fc1'],
      [JSON.stringify({ ...states, conv2: null }), 'inputScheme of conv2: '],
      [ofFc1({ weightScheme: { ...states.fc1.weightScheme, levels: 1 } }), 'weightScheme of fc1: '],
      [json.replace(/"scale":[^,]*/, '"scale":-1'), 'inputRange of conv1: '],
      // The last layer: those before it would have been changed.
      [ofFc1({ weightRange: undefined }), 'weightRange of fc1: '],
      [ofFc1({ weightRange: { ...perChannel, scale: 1, zeroPoint: 1 } }), 'weightRange of fc1: '],
      [ofFc1({ inputRange: perChannel }), 'inputRange of fc1 is one per channel; expected one per tensor'],
      [ofFc1({ weightRange: perChannel }), 'weightRange of fc1 has 2 scales on axis 1; expected 7 on axis 1'],
    ]
    for (const [layers, message] of damaged) {
      const { tensors, metadata } = readSafetensors(bytes)
      const model = quantizableToy()
      const before = [weightBits(model), readLayerStates(model)]
      const resumed = train(model, at, batches, {
        ...options,
        resume: writeSafetensors(tensors, { ...metadata, layers }),
      })
      await expect(collect(resumed), layers).rejects.toMatchObject({
        code: 'CHECKPOINT',
        message: expect.stringContaining(`train(): cannot resume: ${message}`),
      })
      expect([weightBits(model), readLayerStates(model)]).toEqual(before)
    }
  })

  it('whose learned steps are of another granularity is refused, and the network stays as it was', async () => {
    const at = direct(quantizedLayers(quantizableToy()), { steps: 2 })
    const sparing = { ...options, calibration, checkpointEvery: 1 }
    const events = await collect(train(quantizableToy({ quantizer: 'lsq' }), at, batches, sparing))
    const { bytes } = events.find((event) => event.type === 'checkpoint')!
    const { tensors, metadata } = readSafetensors(bytes)
    const states = JSON.parse(metadata.layers!)
    const six = [1, 1, 1, 1, 1, 1]
    states.conv1.weightRange = { scale: six, zeroPoint: six, levels: states.conv1.weightRange.levels, axis: 3 }
    const model = quantizableToy({ quantizer: 'lsq' })
    const before = weightBits(model)
    const resume = writeSafetensors(tensors, { ...metadata, layers: JSON.stringify(states) })
    await expect(collect(train(model, at, batches, { ...sparing, resume }))).rejects.toThrow(
      'weightRange of conv1 is one per channel; expected one as its steps',
    )
    expect(weightBits(model)).toEqual(before)
  })

  it.each<[Toy, string]>([
    [{ bits: 2 }, 'input of conv1: 16 levels, affine; expected 4 levels, affine'],
    [{ perChannel: true }, 'weights of conv1: 16 levels, affine; expected 16 levels, affine along axis -1'],
  ])('of other levels or granularity is refused, and the network stays as it was: %j', async (toy, message) => {
    const at = direct(quantizedLayers(quantizableToy()), { steps: 2 })
    const sparing = { ...options, calibration, checkpointEvery: 1 }
    const events = await collect(train(quantizableToy({ bits: 4 }), at, batches, sparing))
    const { bytes } = events.find((event) => event.type === 'checkpoint')!
    const model = quantizableToy({ bits: 4, ...toy })
    const before = weightBits(model)
    await expect(collect(train(model, at, batches, { ...sparing, resume: bytes }))).rejects.toThrow(message)
    expect(weightBits(model)).toEqual(before)
  })

  it('of another optimizer is refused, and the network stays as it was', async () => {
    const model = toyNetwork()
    const before = weightBits(model)
    const optimizer = (rate: number) => tf.train.momentum(rate, 0.9)
    const rest = train(model, plan, batches, { ...options, optimizer, resume: await checkpoint() })
    await expect(collect(rest)).rejects.toThrow('its optimizer is Adam; expected Momentum')
    expect(weightBits(model)).toEqual(before)
  })

  it('with slots of another shape is refused, and the network stays as it was', async () => {
    const model = toyNetwork()
    const before = weightBits(model)
    const bytes = await altered(({ tensors, metadata }) => {
      const slot = JSON.parse(metadata.slots!).indexOf('conv1/kernel/m')
      tensors.set(`optimizer/slots/${slot}`, { dtype: 'F32', shape: [2], data: new Float32Array(2) })
    })
    await resume(bytes, model).toThrow("the optimizer's conv1/kernel/m has shape [2]; expected [3,3,4,6]")
    expect(weightBits(model)).toEqual(before)
  })

  it('with damaged averages is refused, and the network stays as it was', async () => {
    // All layers but the last are frozen as a whole in its stage, and have no averages.
    const at = filterByFilter(quantizedLayers(quantizableToy()), { steps: 6, groups: 1 })
    const averaged = { ...options, calibration, checkpointEvery: 5, averaging: { decay: 0.9 } }
    const events = await collect(train(quantizableToy(), at, batches, averaged))
    const { bytes } = events.find((event) => event.type === 'checkpoint')!
    const names = [...readSafetensors(bytes).tensors.keys()].filter((name) => name.startsWith('averages/'))
    expect(names).toContain('averages/classifier/bias')
    expect(names).not.toContain('averages/conv1/kernel')
    const damages: [damage: (tensors: Map<string, Tensor>) => void, message: string][] = [
      [(tensors) => tensors.delete('averages/classifier/bias'), 'is absent; expected float32 [3]'],
      [
        (tensors) => tensors.set('averages/classifier/bias', { dtype: 'F32', shape: [2], data: new Float32Array(2) }),
        'is float32 [2]; expected float32 [3]',
      ],
      [
        (tensors) => tensors.set('averages/classifier/bias', { dtype: 'I32', shape: [3], data: new Int32Array(3) }),
        'is int32 [3]; expected float32 [3]',
      ],
    ]
    for (const [damage, message] of damages) {
      const { tensors, metadata } = readSafetensors(bytes)
      damage(tensors)
      const model = quantizableToy()
      const before = [weightBits(model), readLayerStates(model)]
      const resumed = train(model, at, batches, { ...averaged, resume: writeSafetensors(tensors, metadata) })
      await expect(collect(resumed)).rejects.toMatchObject({
        code: 'CHECKPOINT',
        message: `train(): cannot resume: averages/classifier/bias ${message}`,
      })
      expect([weightBits(model), readLayerStates(model)]).toEqual(before)
    }
    await collect(train(quantizableToy(), at, batches, { ...averaged, resume: bytes }))
  })

  it('whose optimizer state the optimizer does not take is refused, and the network stays as it was', async () => {
    const damaged = await altered(({ metadata }) => (metadata.slots = '[]'))
    const odd = await altered(({ metadata }) => (metadata.slots = metadata.slots!.replace(/"[^"]*"/, '7')))
    for (const [bytes, message] of [
      [damaged, 'the optimizer Adam does not take its state: '],
      [odd, 'its slots are [7,'],
    ] as const) {
      const model = toyNetwork()
      const before = weightBits(model)
      const tensors = tf.memory().numTensors
      await resume(bytes, model).toMatchObject({
        code: 'CHECKPOINT',
        message: expect.stringContaining(`cannot resume: ${message}`),
      })
      expect(weightBits(model)).toEqual(before)
      expect(tf.memory().numTensors).toBe(tensors)
    }
  })

  it('that is damaged is refused', async () => {
    const bytes = await checkpoint()
    await resume(bytes.subarray(0, bytes.length - 5)).toMatchObject({ code: 'CHECKPOINT' })
    await resume(new Uint8Array(100)).toThrow('resume is no checkpoint')
    await resume(writeSafetensors([])).toThrow('format is undefined; expected lowbit-checkpoint/2')
    await resume(await altered(({ metadata }) => (metadata.position = '{"step":1'))).toThrow('is no checkpoint')
    await resume(await altered(({ metadata }) => (metadata.position = '{"step":9,"stage":0,"stageStep":9}'))).toThrow(
      'it stands at step 9, step 9 of stage 1; expected a place in the plan',
    )
    for (const position of ['{"step":1.5,"stage":0,"stageStep":1.5}', '{"step":1,"stage":"0","stageStep":1}']) {
      await resume(await altered(({ metadata }) => (metadata.position = position))).toThrow(
        'expected a place in the plan',
      )
    }
    await resume(await altered(({ tensors }) => tensors.delete('optimizer/slots/3'))).toMatchObject({
      code: 'CHECKPOINT',
      message: expect.stringMatching(/is absent; expected F32 or I32/),
    })
    await resume(await altered(({ tensors }) => tensors.delete('weights/stem/kernel'))).toThrow('stem/kernel is absent')
  })
})
