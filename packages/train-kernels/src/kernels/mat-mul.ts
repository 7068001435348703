import { broadcast_util, type TensorInfo } from '@tensorflow/tfjs'
import { multiplyAddOf, type Rounding, roundingOf } from '../arithmetic.js'
import { matrixPlan } from '../convolution/conv-plan.js'
import { runConvProgram } from '../convolution/conv-program.js'
import { matrixProduct } from '../convolution/conv-shape.js'
import { type Epilogue, epilogueKey, noEpilogue } from '../convolution/correlation.js'
import { correlationProgram, filterGradientProgram } from '../convolution/direct-program.js'
import { areFilledFloats, input, type KernelCall, sizeOf, type TrainingKernel } from '../tfjs/training-kernel.js'
import { addressOf, allocate } from '../tfjs/wasm-backend.js'
import { withActivation } from './activate.js'

/**
 * Products of matrices a [..., m, k] and b [..., k, n], either with its last axes swapped but not both. In inference each product
 * and each sum is rounded on every path; without `transposeA` they run from +0 over k ascending. Where gradients are recorded the
 * path's own arithmetic rounds.
 */
export const batchMatMul: TrainingKernel = {
  name: 'BatchMatMul',
  run: (call, path) => multiply(call, roundingOf(path), noEpilogue),
}

/** activation(product + bias), bias [n]. */
export const fusedMatMul: TrainingKernel = {
  name: '_FusedMatMul',
  run: (call, path) => withActivation(call, (epilogue) => multiply(call, roundingOf(path), epilogue)),
}

function multiply(call: KernelCall, rounding: Rounding, epilogue: Epilogue): TensorInfo | undefined {
  const { backend, attrs } = call
  const [a, b] = [input(call, 'a'), input(call, 'b')]
  const bias = epilogue.bias ? input(call, 'bias') : undefined
  const { transposeA = false, transposeB = false } = attrs
  if (!areFilledFloats(a, b, ...(bias ? [bias] : []))) return undefined
  const [depth, rows] = lastTwo(a, !transposeA)
  const [, columns] = lastTwo(b, Boolean(transposeB))
  const hasEpilogue = epilogue.bias || epilogue.activation !== 'linear'
  if (transposeA && (transposeB || hasEpilogue)) return undefined
  if (bias && sizeOf(bias) !== columns) return undefined
  const outer = broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2))
  const products = outer.reduce((product, n) => product * n, 1)
  const steps = [a, b].map((tensor) => stepOf(tensor, products))
  if (steps.some((step) => step === undefined)) return undefined
  const y = allocate(backend, [...outer, rows, columns])
  const [atA, atB, atY] = [a, b, y].map((tensor) => addressOf(backend, tensor)) as [number, number, number]
  const madd = multiplyAddOf[rounding]
  const shape = transposeA ? matrixProduct(depth, rows, columns) : matrixProduct(rows, depth, columns)
  const kind = `matrix product ${rounding} ${transposeA ? 'a ' : ''}${transposeB ? 'b ' : ''}${epilogueKey(epilogue)}`
  for (let i = 0; i < products; i++) {
    const at = {
      images: atA + i * steps[0]!,
      factors: atB + i * steps[1]!,
      result: atY + 4 * i * rows * columns,
      ...(bias && { bias: addressOf(backend, bias) }),
    }
    runConvProgram(backend, kind, shape, at, (memory) =>
      transposeA
        ? filterGradientProgram(shape, madd, memory)
        : correlationProgram(matrixPlan(shape, epilogue, Boolean(transposeB)), madd, memory),
    )
  }
  return y
}

/** The last two axes, swapped or not. */
function lastTwo({ shape }: TensorInfo, swapped: boolean): [number, number] {
  const [first, second] = shape.slice(-2) as [number, number]
  return swapped ? [second, first] : [first, second]
}

/** Bytes from matrix to matrix; 0 where there is one for all, undefined where only some axes are broadcast. */
function stepOf(tensor: TensorInfo, products: number): number | undefined {
  const [rows, columns] = lastTwo(tensor, false)
  const matrices = sizeOf(tensor) / (rows * columns)
  if (matrices === 1) return 0
  return matrices === products ? 4 * rows * columns : undefined
}
