export * from './plans.js'
