import { METHODS } from './run-specification.js'

/** Where a method, as `methodOf` calls it, stands in tables: in the order of the list, whatever its settings; float first. */
export function placeOfMethod(method: string): number {
  return METHODS.findIndex((name) => method === name || method.startsWith(`${name} (`))
}
