import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { floats, paths, valuesOn, valuesWithKernels } from '../../test/backends.js'
import { adam, adamW } from './adam.js'
import { sgd } from './sgd.js'

const path = paths[0]!
const sizes = [[3, 5], [64], [1]]

/** Variables after some steps on changing quadratic losses. */
function trained(make: () => tf.Optimizer, steps = 5): tf.Tensor[] {
  const variables = sizes.map((shape, i) => tf.variable(tf.tensor(floats(tf.util.sizeFromShape(shape), i), shape)))
  const optimizer = make()
  for (let step = 0; step < steps; step++) takeStep(optimizer, variables, step)
  const values = variables.map((variable) => tf.clone(variable))
  optimizer.dispose()
  tf.dispose(variables)
  return values
}

function takeStep(optimizer: tf.Optimizer, variables: tf.Variable[], step: number): void {
  const loss = () =>
    tf.addN(
      variables.map((v, i) => tf.sum(tf.square(tf.sub(v, tf.tensor(floats(v.size, 10 * step + i), v.shape))))),
    ) as tf.Scalar
  optimizer.minimize(loss, false, variables)
}

const optimizers: [string, () => tf.Optimizer, (() => tf.Optimizer) | undefined][] = [
  ['adam', () => adam({ learningRate: 0.1 }), () => tf.train.adam(0.1)],
  [
    'adam with other constants',
    () => adam({ learningRate: 0.1, beta1: 0.5, beta2: 0.9, epsilon: 0.1 }),
    () => tf.train.adam(0.1, 0.5, 0.9, 0.1),
  ],
  ['adamW', () => adamW({ learningRate: 0.1, weightDecay: 0.3 }), undefined],
  ['sgd', () => sgd({ learningRate: 0.1 }), () => tf.train.sgd(0.1)],
  ['sgd with momentum', () => sgd({ learningRate: 0.1, momentum: 0.9 }), () => tf.train.momentum(0.1, 0.9)],
]

describe.each(optimizers)('%s', (_, make, original) => {
  it('has the same bits fused and composed', async () => {
    const composed = await valuesOn('wasm', () => trained(make))
    expect(await valuesWithKernels(path, () => trained(make))).toEqual(composed)
  })

  it.runIf(original)("does what tfjs's own does", async () => {
    const expected = await valuesOn('cpu', () => trained(original!))
    const got = await valuesWithKernels(path, () => trained(make))
    for (const [i, values] of got.entries())
      for (const [j, value] of values.entries()) expect(value).toBeCloseTo(expected[i]![j]!, 5)
  })

  it('goes on with the same bits from its saved state, under other names', async () => {
    const whole = await valuesWithKernels(path, () => trained(make, 5))
    await tf.setBackend('wasm')
    const first = make()
    const variables = sizes.map((shape, i) => tf.variable(tf.tensor(floats(tf.util.sizeFromShape(shape), i), shape)))
    for (let step = 0; step < 3; step++) takeStep(first, variables, step)
    const saved = await first.getWeights()
    const copies = saved.map(({ name, tensor }) => ({
      name,
      tensor: tf.tensor(tensor.dataSync().slice(), tensor.shape, tensor.dtype),
    }))
    const second = new (first.constructor as new (config: tf.serialization.ConfigDict) => tf.Optimizer)(
      first.getConfig(),
    )
    await second.setWeights(copies)
    const renamed = variables.map((variable) => tf.variable(variable))
    for (let step = 3; step < 5; step++) takeStep(second, renamed, step)
    expect(second.iterations).toBe(5)
    expect(renamed.map((variable) => Array.from(variable.dataSync()))).toEqual(whole)
  })
})

describe('an optimizer with slots', () => {
  it('decays weights before the step', async () => {
    const [[value]] = (await valuesWithKernels(path, () => {
      const variable = tf.variable(tf.scalar(2))
      const optimizer = adamW({ learningRate: 0.5, weightDecay: 0.1 })
      optimizer.applyGradients([{ name: variable.name, tensor: tf.scalar(0) }])
      return tf.clone(variable)
    })) as [[number]]
    expect(value).toBeCloseTo(2 * (1 - 0.05), 6)
  })

  it('knows its slots by the variable and not by the place in the list', async () => {
    const run = (order: (step: number) => number[]) =>
      valuesWithKernels(path, () => {
        const variables = [1, 5].map((x) => tf.variable(tf.scalar(x)))
        const optimizer = adam({ learningRate: 0.1 })
        for (let step = 0; step < 4; step++)
          optimizer.applyGradients(
            order(step).map((i) => ({ name: variables[i]!.name, tensor: tf.scalar(i + step + 1) })),
          )
        return variables.map((variable) => tf.clone(variable))
      })
    expect(await run((step) => (step % 2 ? [1, 0] : [0, 1]))).toEqual(await run(() => [0, 1]))
  })

  it('leaves a clone of a slot alone', async () => {
    const [before, after] = await valuesWithKernels(path, () => {
      const variable = tf.variable(tf.ones([8]))
      const optimizer = sgd({ momentum: 0.5 })
      const step = () => optimizer.applyGradients([{ name: variable.name, tensor: tf.ones([8]) }])
      step()
      const slot = tf.engine().registeredVariables
      const velocity = Object.values(slot).find((v) => v.name !== variable.name && v.shape[0] === 8)!
      const clone = tf.clone(velocity)
      step()
      return [clone, tf.clone(velocity)]
    })
    expect(before).toEqual(new Array(8).fill(1))
    expect(after).toEqual(new Array(8).fill(1.5))
  })

  it('says which variable a restored slot does not fit', async () => {
    await tf.setBackend('cpu')
    const optimizer = sgd({ momentum: 0.5 })
    await optimizer.setWeights([
      { name: 'iter', tensor: tf.scalar(3, 'int32') },
      { name: 'x/momentum', tensor: tf.zeros([4]) },
    ])
    const variable = tf.variable(tf.zeros([5]), true, 'five')
    expect(() => optimizer.applyGradients([{ name: 'five', tensor: tf.zeros([5]) }])).toThrow(
      'five is [5], the slot restored for it [4]',
    )
    variable.dispose()
    await expect(
      adam().setWeights([
        { name: 'iter', tensor: tf.scalar(3, 'int32') },
        { name: 'm', tensor: tf.zeros([1]) },
      ]),
    ).rejects.toThrow('got 1 slots, expected a multiple of 2')
  })
})
