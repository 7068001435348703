import { describe, expect, it } from 'vitest'
import { orderLayers } from './layer-order.js'

const layers = ['conv1', 'conv2', 'conv3'].map((name) => ({ name, filters: 4, weightsPerFilter: 9 }))
const names = (order: Parameters<typeof orderLayers>[1]) => orderLayers(layers, order).map(({ name }) => name)

describe('orderLayers', () => {
  it('walks forward, backward or as named', () => {
    expect(names('forward')).toEqual(['conv1', 'conv2', 'conv3'])
    expect(names('backward')).toEqual(['conv3', 'conv2', 'conv1'])
    expect(names(['conv2', 'conv3', 'conv1'])).toEqual(['conv2', 'conv3', 'conv1'])
  })

  it('refuses a list that leaves a layer out, repeats one or names a stranger', () => {
    for (const order of [['conv1', 'conv2'], ['conv1', 'conv2', 'conv2'], ['conv1', 'conv2', 'conv9'], []]) {
      expect(() => names(order)).toThrow('expected each of conv1, conv2, conv3 exactly once')
    }
  })
})
