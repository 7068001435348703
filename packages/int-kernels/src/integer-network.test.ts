import { describe, expect, it } from 'vitest'
import { engines } from '../test/engines.js'
import { exampleNetwork, generator } from '../test/example-network.js'
import { encodeNetwork } from './format/index.js'
import { IntegerNetwork } from './integer-network.js'
import { runReference } from './reference/index.js'

describe.each(engines)('IntegerNetwork on %s', (_, engine) => {
  it('gives the bits of the reference', async () => {
    const network = exampleNetwork()
    const random = generator(1)
    const images = Float32Array.from({ length: 3 * 9 * 8 * 3 }, () => random() * 4 - 2)
    const loaded = await IntegerNetwork.load(encodeNetwork(network), { engine })
    const expected = [0, 1, 2].flatMap((i) => [...runReference(network, images.subarray(i * 216, (i + 1) * 216))])
    expect(loaded.run(images)).toEqual(Float32Array.from(expected))
  })
})
