import type { Clock, Loop, Place, Reading, Type } from './value.js'
import { WasmEmitError } from './wasm-emit-error.js'
import type { Parameters } from './written-func.js'

/** The places of one function: who has which, until when, and whether what was written about one still holds. */
export interface Places {
  readonly parameters: readonly Place[]
  /** A place until the end of the block being written. */
  take<T extends Type>(type: T, name: string): Place<T>
  /** Refuses to read a place that is given away, another function's, or set since the value was written. */
  read(reading: Reading): void
  set(place: Place): void
  /** Gives the places taken within back. */
  block(write: () => void): void
  /** Notes that what is written within runs many times. */
  loop(write: () => void): void
  /** Places beside the parameters, with all names that each bore. */
  locals(): { readonly type: Type; readonly name: string }[]
}

/** V8 takes no more. */
const maximumLocals = 50_000

const none: readonly Loop[] = []

const remedy = '; write the value anew or keep it with local()'

export function places(functionName: string, parameterTypes: Parameters): Places {
  const locals: { readonly type: Type; readonly names: string[] }[] = []
  const free: Record<Type, number[]> = { i32: [], i64: [], f32: [], f64: [], v128: [] }
  const loops: Loop[] = []
  let taken: Place[] = []
  const clock: Clock = { time: 0 }

  function move<T extends Type>(type: T, index: number, name: string): Place<T> {
    return { type, index, name: name || `local ${index}`, clock, open: true, lastSet: 0, readAcross: none }
  }
  const parameters = Object.entries(parameterTypes).map(([name, type], index) => move(type, index, name))

  function check(place: Place, verb: string) {
    if (place.clock !== clock)
      throw new WasmEmitError('PLACE', `${functionName}: ${place.name} is ${verb}, but belongs to another function`)
    if (!place.open)
      throw new WasmEmitError('PLACE', `${functionName}: ${place.name} is ${verb} after the end of its block`)
  }

  return {
    parameters,

    take(type, name) {
      let index = free[type].pop()
      if (index === undefined) {
        index = parameters.length + locals.push({ type, names: [] }) - 1
        if (locals.length > maximumLocals)
          throw new WasmEmitError('SIZE', `${functionName}: more than ${maximumLocals} locals`)
      }
      const { names } = locals[index - parameters.length]!
      if (name && !names.includes(name)) names.push(name)
      const place = move(type, index, name)
      taken.push(place)
      return place
    },

    read({ place, written }) {
      check(place, 'read')
      if (written < place.lastSet)
        throw new WasmEmitError('STALE', `${functionName}: a value reads ${place.name}, which was set since${remedy}`)
      // The innermost loop began last.
      if (loops.length === 0 || loops.at(-1)!.start <= written) return
      const across = loops.find((loop) => loop.start > written)!
      if (!place.readAcross.includes(across)) place.readAcross = [...place.readAcross, across]
    },

    set(place) {
      check(place, 'set')
      if (place.readAcross.length > 0 && place.readAcross.some((loop) => loop.open))
        throw new WasmEmitError(
          'STALE',
          `${functionName}: ${place.name} is set in a loop that reads it through a value written before${remedy}`,
        )
      place.lastSet = ++clock.time
    },

    block(write) {
      const outer = taken
      taken = []
      write()
      for (const place of taken) {
        place.open = false
        free[place.type].push(place.index)
      }
      taken = outer
    },

    loop(write) {
      const loop = { start: ++clock.time, open: true }
      loops.push(loop)
      write()
      loops.pop()
      loop.open = false
    },

    locals: () => locals.map(({ type, names }) => ({ type, name: names.join('|') })),
  }
}
