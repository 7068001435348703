import { compile } from '@lowbit/wasm-emit'
import type { MultiplyAdd } from '../arithmetic.js'
import type { ConvPlan } from './conv-plan.js'
import type { ConvProgram } from './conv-program.js'
import type { ConvShape } from './conv-shape.js'
import { copyBytes, correlateImages } from './correlate-images.js'
import { filterGradient, filterGradientBytes, filterGradientPlan } from './filter-gradient.js'
import { packedBytes, packFilter } from './packed-filter.js'

/** A convolution or an input gradient: packs the filter, then correlates image by image. */
export function correlationProgram(plan: ConvPlan, madd: MultiplyAdd, memory: WebAssembly.Memory): ConvProgram {
  const { packings, correlations, epilogue } = plan
  const functions = [packFilter(packings), correlateImages(correlations, madd, epilogue)] as const
  const [pack, run] = compile(functions, memory, correlations.name)
  const packed = packings.reduce((sum, packing) => sum + packedBytes(packing), 0)
  return {
    scratchBytes: packed + copyBytes(correlations),
    prepare: (at, scratch) => pack(at.factors, at.bias ?? 0, at.scale ?? 0, scratch),
    run: (at, scratch, batch) => run(at.images, scratch, at.result, scratch + packed, batch),
  }
}

/** A filter gradient. */
export function filterGradientProgram(shape: ConvShape, madd: MultiplyAdd, memory: WebAssembly.Memory): ConvProgram {
  const plan = filterGradientPlan(shape)
  const [run] = compile([filterGradient(plan, madd)], memory)
  const { image, error, sums } = filterGradientBytes(plan)
  return {
    scratchBytes: image + error + sums,
    run: (at, scratch, batch) => run(at.images, at.factors, at.result, scratch, batch),
  }
}
