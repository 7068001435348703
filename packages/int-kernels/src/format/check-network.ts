import { checkCodes, checkFloats, checkWeights } from './check-weights.js'
import { IntegerNetworkError } from './integer-network-error.js'
import { limits } from './limits.js'
import { inputsOf, type Network } from './network.js'
import { expectSizes, refuse, type Value, valueMadeBy } from './value.js'

/**
 * The value of every name in a network, in the order in which they are made.
 * @throws IntegerNetworkError where the network is not one: names, order, kinds, shapes, ranges, sizes, weights
 */
export function checkNetwork(network: Network): Map<string, Value> {
  const values = checkUnpacked(network)
  for (const node of network.nodes) if (node.operator === 'conv2d' || node.operator === 'dense') checkCodes(node)
  return values
}

/**
 * The same for a network whose weights are known to be codes: they are not looked at one by one.
 * @throws IntegerNetworkError
 */
export function checkUnpacked(network: Network): Map<string, Value> {
  for (const { name } of [network.input, ...network.nodes]) {
    if (name.length < 1 || name.length > limits.name) {
      throw new IntegerNetworkError('GRAPH', `a name of ${name.length} characters, expected 1 to ${limits.name}`)
    }
  }
  const values = inferValues(network)
  for (const node of network.nodes) {
    if (node.operator === 'float-conv2d' || node.operator === 'float-dense') checkFloats(node)
    else if (node.operator === 'conv2d' || node.operator === 'dense') {
      const input = values.get(node.input)
      if (input?.kind === 'codes') checkWeights(node, input.range)
    }
  }
  return values
}

/**
 * The same, without a look at the weights.
 * @throws IntegerNetworkError where names, order, kinds, shapes, ranges or sizes do not fit
 */
export function inferValues({ input, nodes, output }: Network): Map<string, Value> {
  if (nodes.length > limits.nodes) {
    throw new IntegerNetworkError('LIMIT', `${nodes.length} nodes, at most ${limits.nodes}`)
  }
  const values = new Map<string, Value>()
  const name = (name: string, value: Value) => {
    if (values.has(name)) throw new IntegerNetworkError('GRAPH', `two values are named ${JSON.stringify(name)}`)
    values.set(name, value)
  }
  checkInput(input)
  name(input.name, { kind: 'float', shape: input.shape })
  for (const node of nodes) {
    const [first, second] = inputsOf(node).map((source) => {
      const value = values.get(source)
      if (value === undefined) {
        throw new IntegerNetworkError(
          'GRAPH',
          `${node.operator} ${JSON.stringify(node.name)} reads ${JSON.stringify(source)}, which no node before it makes`,
        )
      }
      return value
    })
    name(node.name, valueMadeBy(node, [first!, second]))
  }
  if (values.get(output)?.kind !== 'float') {
    throw new IntegerNetworkError('GRAPH', `no node makes a float value named ${JSON.stringify(output)}, the output`)
  }
  return values
}

function checkInput({ name, shape }: Network['input']): void {
  const input = { operator: 'input', name }
  expectSizes(input, shape)
  if (shape.length !== 1 && shape.length !== 3) {
    throw refuse(input, 'SHAPE', `shape [${shape}], expected [height, width, channels] or [length]`)
  }
}
