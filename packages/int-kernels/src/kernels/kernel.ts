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

export function emit(kernel: Kernel): Func {
  switch (kernel.kernel) {
    case 'average-pool':
      return averagePool(kernel)
    case 'border':
      return border(kernel)
    case 'depthwise-convolution':
      return depthwiseConvolution(kernel)
    case 'direct-convolution':
      return directConvolution(kernel)
    case 'elementwise':
      return elementwise(kernel)
    case 'float-convolution':
      return floatConvolution(kernel)
    case 'lookup-convolution':
      return lookupConvolution(kernel)
    case 'table-offsets':
      return tableOffsets(kernel)
    case 'max-pool':
      return maxPool(kernel)
    case 'pad-channels':
      return padChannels(kernel)
    case 'widen':
      return widen(kernel)
    case 'window-sums':
      return windowSums(kernel)
    case 'winograd-convolution':
      return winogradConvolution(kernel)
  }
}
