export * from './browser.js'
export { cifar10 } from './cifar10.js'
export type { Progress } from './download.js'
export type { LocateOptions } from './locate.js'
