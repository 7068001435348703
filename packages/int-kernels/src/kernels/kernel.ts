import type { Func } from '@lowbit/wasm-emit'
import { type AveragePooling, averagePool } from './average-pool.js'
import { type Border, border } from './border.js'
import { type DepthwiseConvolution, depthwiseConvolution } from './depthwise-convolution.js'
import { type DirectConvolution, directConvolution } from './direct-convolution.js'
import { type Elementwise, elementwise } from './elementwise.js'
import { type FloatConvolution, floatConvolution } from './float-convolution.js'
import { type LookupConvolution, lookupConvolution, type TableOffsets, tableOffsets } from './lookup-convolution.js'
import { type MaxPooling, maxPool } from './max-pool.js'
import { type ChannelPadding, padChannels } from './pad-channels.js'
import type { Share } from './share.js'
import { type Widening, widen } from './widen.js'
import { type WindowSums, windowSums } from './window-sums.js'
import type { WinogradConvolution } from './winograd-blocks.js'
import { winogradConvolution } from './winograd-convolution.js'

/** Everything that a kernel's code depends on, as plain data: what is equal shares one compiled kernel. */
export type Kernel =
  | AveragePooling
  | Border
  | ChannelPadding
  | DepthwiseConvolution
  | DirectConvolution
  | Elementwise
  | FloatConvolution
  | LookupConvolution
  | MaxPooling
  | TableOffsets
  | Widening
  | WindowSums
  | WinogradConvolution

/** @param share makes what kernels of one module share */
export function emit(kernel: Kernel, share: Share): Func {
  return (emitters[kernel.kernel] as (kernel: Kernel, share: Share) => Func)(kernel, share)
}

const emitters: { readonly [K in Kernel as K['kernel']]: (kernel: K, share: Share) => Func } = {
  'average-pool': averagePool,
  border,
  'depthwise-convolution': depthwiseConvolution,
  'direct-convolution': directConvolution,
  elementwise,
  'float-convolution': floatConvolution,
  'lookup-convolution': lookupConvolution,
  'table-offsets': tableOffsets,
  'max-pool': maxPool,
  'pad-channels': padChannels,
  widen,
  'window-sums': windowSums,
  'winograd-convolution': winogradConvolution,
}
