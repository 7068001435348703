import type { Tensor } from '@lowbit/safetensors'
import { IntegerNetworkError } from './integer-network-error.js'
import type { Shape } from './network.js'

/** Hands out the tensors of a file by name and type. What it hands out are copies: a network outlives its file. */
export interface TensorReader {
  bytes(name: string): Uint8Array
  integers(name: string): Int32Array
  floats(name: string): { readonly shape: Shape; readonly data: Float32Array }
  /** Refuses tensors that nobody asked for. */
  end(): void
}

export function tensorReader(tensors: ReadonlyMap<string, Tensor>): TensorReader {
  const left = new Set(tensors.keys())
  const take = (name: string): Tensor => {
    const tensor = tensors.get(name)
    if (tensor === undefined) throw new IntegerNetworkError('TENSOR', `no tensor ${JSON.stringify(name)}`)
    if (!left.delete(name)) throw new IntegerNetworkError('TENSOR', `tensor ${JSON.stringify(name)} is used twice`)
    return tensor
  }
  return {
    bytes(name) {
      const tensor = take(name)
      if (tensor.dtype !== 'U8' || tensor.shape.length !== 1) throw wrong(name, tensor, 'U8 of one dimension')
      return tensor.data.slice()
    },
    integers(name) {
      const tensor = take(name)
      if (tensor.dtype !== 'I32' || tensor.shape.length !== 1) throw wrong(name, tensor, 'I32 of one dimension')
      return tensor.data.slice()
    },
    floats(name) {
      const tensor = take(name)
      if (tensor.dtype !== 'F32') throw wrong(name, tensor, 'F32')
      return { shape: tensor.shape, data: tensor.data.slice() }
    },
    end() {
      for (const name of left)
        throw new IntegerNetworkError('TENSOR', `no node uses the tensor ${JSON.stringify(name)}`)
    },
  }
}

function wrong(name: string, { dtype, shape }: Tensor, expected: string): IntegerNetworkError {
  return new IntegerNetworkError(
    'TENSOR',
    `tensor ${JSON.stringify(name)} is ${dtype} of shape [${shape}], expected ${expected}`,
  )
}
