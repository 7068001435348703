import type { CnnName } from '@lowbit/models'
import { changedSettings } from '../methods/index.js'
import type { MethodSettings } from '../methods/settings.js'
import type { Profile } from './profile.js'
import type {
  DataReference,
  FloatRun,
  KernelPath,
  MethodName,
  QuantizedRun,
  RunSpecification,
} from './run-specification.js'

export interface Grid {
  readonly networks: readonly CnnName[]
  readonly bits: readonly number[]
  readonly methods: readonly MethodName[]
  /** In the place of their defaults, for those of the methods that have such a setting. */
  readonly settings?: MethodSettings
  readonly seeds: readonly number[]
  readonly budget: 'total' | 'stage'
  readonly wholeEpochs?: number
  readonly perChannel: boolean
  /** Of the layers' inputs; absent: as wide as the weights. */
  readonly activationBits?: number
  readonly kernels: KernelPath
}

/** Every run of the grid, a baseline before the runs that stand on it. */
export function runsOf(grid: Grid, profile: Profile, data: DataReference): RunSpecification[] {
  const { budget, wholeEpochs, perChannel, activationBits } = grid
  const common = { budget, perChannel, ...(wholeEpochs === undefined ? {} : { wholeEpochs }) }
  return grid.networks.flatMap((network) =>
    grid.seeds.flatMap((seed) => {
      const baseline: FloatRun = { kind: 'float', network, data, seed, training: profile.float, kernels: grid.kernels }
      const quantized = grid.bits.flatMap((bits) =>
        grid.methods.map((method): QuantizedRun => {
          const settings = changedSettings(method, grid.settings ?? {})
          const other = activationBits === undefined || activationBits === bits ? {} : { activationBits }
          return {
            kind: 'quantized',
            baseline,
            bits,
            method,
            ...(settings && { settings }),
            training: { ...profile.quantized, ...common, ...other },
          }
        }),
      )
      return [baseline, ...quantized]
    }),
  )
}
