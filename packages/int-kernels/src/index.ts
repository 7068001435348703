export type { LayerDescription } from './describe.js'
export { detectEngine, type Engine, plainEngine } from './engine.js'
export { IntegerNetworkError, type IntegerNetworkErrorCode } from './format/index.js'
export { IntegerNetwork, type LoadOptions } from './integer-network.js'
