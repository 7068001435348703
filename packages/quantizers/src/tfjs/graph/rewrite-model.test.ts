import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { onEachBackend } from '../../../test/on-each-backend.js'
import { residualNetwork } from '../../../test/residual-network.js'
import { readGraph } from './layer-graph.js'
import { type Replacement, rewriteModel } from './rewrite-model.js'

const data = (value: tf.Tensor | tf.Tensor[]) => [value].flat().map((tensor) => tensor.dataSync().slice())
const images = (shape: number[]) => tf.randomNormal(shape, 0, 1, 'float32', 1)
const copyOf = (model: tf.LayersModel) => rewriteModel(readGraph(model))

onEachBackend(() => {
  describe('readGraph()', () => {
    it('puts every operation after those that make its inputs', () => {
      const { inputs, operations, outputs } = readGraph(residualNetwork())
      const made = new Set(inputs.map(({ value }) => value))
      for (const operation of operations) {
        expect(operation.inputs.every((value) => made.has(value))).toBe(true)
        for (const value of operation.outputs) made.add(value)
      }
      expect(outputs.every((value) => made.has(value))).toBe(true)
      const names = operations.map(({ layer }) => layer.name)
      expect(names.slice(0, 3)).toEqual(['stem', 'stem_norm', 'relu0'])
      expect(names).toHaveLength(21)
    })

    it('refuses a model without inputs', () => {
      const model = tf.sequential({ name: 'unbuilt' })
      expect(() => readGraph(model)).toThrow(/model unbuilt is not built/)
    })
  })

  describe('rewriteModel()', () => {
    it('copies a residual network, layer for layer', () => {
      const model = residualNetwork()
      const copy = copyOf(model)
      const x = images([2, 8, 8, 3])
      expect(data(copy.predict(x))).toEqual(data(model.predict(x)))
      expect(copy.layers.map((layer) => layer.name).sort()).toEqual(model.layers.map((layer) => layer.name).sort())
      expect(copy.weights.map((weight) => weight.originalName).sort()).toEqual(
        model.weights.map((weight) => weight.originalName).sort(),
      )
    })

    it('shares no memory with the old model', () => {
      const model = residualNetwork()
      const before = data(model.getWeights())
      const copy = copyOf(model)
      for (const weight of copy.weights) {
        expect(model.weights.some((other) => other.read().dataId === weight.read().dataId)).toBe(false)
        weight.write(tf.zeros(weight.shape as number[]))
      }
      expect(data(model.getWeights())).toEqual(before)
      copy.dispose()
      expect(data(model.getWeights())).toEqual(before)
    })

    it('copies Sequential models, and takes models within models apart', () => {
      const inner = tf.sequential({
        name: 'inner',
        layers: [
          tf.layers.dense({ name: 'a', units: 4, inputShape: [3], activation: 'relu' }),
          tf.layers.batchNormalization({ name: 'b' }),
        ],
      })
      const outer = tf.sequential({ layers: [inner, tf.layers.dense({ name: 'c', units: 2 })] })
      const x = tf.input({ shape: [3] })
      const functional = tf.model({ inputs: x, outputs: inner.apply(x) as tf.SymbolicTensor })
      const batch = images([5, 3])
      for (const model of [outer, functional]) {
        const copy = copyOf(model)
        expect(data(copy.predict(batch))).toEqual(data(model.predict(batch)))
        expect(copy.layers.some((layer) => layer instanceof tf.LayersModel)).toBe(false)
      }
    })

    it('copies a model and a layer that are used twice once, with several inputs and outputs', () => {
      const tower = tf.sequential({ layers: [tf.layers.dense({ name: 'tower', units: 4, inputShape: [3] })] })
      const shared = tf.layers.dense({ name: 'shared', units: 2 })
      const left = tf.input({ shape: [3], name: 'left' })
      const right = tf.input({ shape: [3], name: 'right' })
      const [a, b] = [left, right].map((input) => shared.apply(tower.apply(input)) as tf.SymbolicTensor)
      const difference = tf.layers.concatenate({ name: 'both' }).apply([a!, b!]) as tf.SymbolicTensor
      const model = tf.model({ inputs: [left, right], outputs: [difference, b!] })
      const copy = copyOf(model)
      const x = [images([5, 3]), tf.ones([5, 3])]
      expect(data(copy.predict(x))).toEqual(data(model.predict(x)))
      expect(copy.layers.map((layer) => layer.name).sort()).toEqual(['both', 'left', 'right', 'shared', 'tower'])
      expect(copy.inputNames).toEqual(['left', 'right'])
    })

    it('copies layers that hold layers, by the order of their weights', () => {
      const recurrent = tf.layers.gru({ units: 3, returnSequences: true }) as tf.RNN
      const model = tf.sequential({
        layers: [tf.layers.bidirectional({ layer: recurrent, mergeMode: 'concat', inputShape: [4, 2] })],
      })
      const x = images([2, 4, 2])
      expect(data(copyOf(model).predict(x))).toEqual(data(model.predict(x)))
    })

    it('replaces one layer and leaves out another', () => {
      const model = tf.sequential({
        layers: [
          tf.layers.dense({ name: 'a', units: 2, inputShape: [3] }),
          tf.layers.reLU({ name: 'r' }),
          tf.layers.dense({ name: 'b', units: 1 }),
        ],
      })
      const graph = readGraph(model)
      const [a, r] = graph.operations.map(({ layer }) => layer)
      const copy = rewriteModel(
        graph,
        new Map<tf.layers.Layer, Replacement>([
          [a!, { layer: tf.layers.dense({ name: 'a', units: 2 }), weights: { kernel: new Float32Array(6).fill(2) } }],
          [r!, 'bypass'],
        ]),
      )
      expect(copy.layers.map((layer) => layer.getClassName())).toEqual(['InputLayer', 'Dense', 'Dense'])
      const [b] = model.getLayer('b').getWeights()
      const expected = [-6, 0].map(() => -6 * (b!.dataSync()[0]! + b!.dataSync()[1]!))
      const [actual] = data(copy.predict(tf.tensor2d([-1, -1, -1], [1, 3])))
      expect(actual![0]).toBeCloseTo(expected[0]!, 4)
    })

    it('refuses two layers of one name, and weights that a layer has not', () => {
      const input = tf.input({ shape: [3] })
      const inner = tf.sequential({ layers: [tf.layers.dense({ name: 'same', units: 3, inputShape: [3] })] })
      const twice = tf.layers.dense({ name: 'same', units: 2 }).apply(inner.apply(input)) as tf.SymbolicTensor
      expect(() => copyOf(tf.model({ inputs: input, outputs: twice }))).toThrow(/two layers are named same/)

      const graph = readGraph(inner)
      const replacement = { layer: tf.layers.dense({ name: 'n', units: 3 }), weights: { gamma: new Float32Array(3) } }
      expect(() => rewriteModel(graph, new Map([[graph.operations[0]!.layer, replacement]]))).toThrow(
        /n has no weight gamma, expected one of kernel, bias/,
      )
    })
  })
})
