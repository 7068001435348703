import { describe, expect, it } from 'vitest'
import { assemble, compile, type Func, f32, func, i32 } from './index.js'

const start = { minimum: 0 }
const nothing = func('nothing', {}, () => {})
const instantiate = (functions: readonly Func[], memory: WebAssembly.Memory, options = {}) =>
  new WebAssembly.Instance(new WebAssembly.Module(assemble(functions, options)), { env: { memory } })

describe('assemble', () => {
  it('exports the functions listed and not those that they call', () => {
    const helper = func('helper', { x: 'i32' }, ({ x }) => i32.add(x, 1))
    const middle = func('middle', { x: 'i32' }, ({ x }, { call }) => call(helper, { x }))
    const outer = func('outer', { x: 'i32' }, ({ x }, { call }) => i32.add(call(middle, { x }), call(helper, { x })))
    const module = new WebAssembly.Module(assemble([outer]))
    expect(WebAssembly.Module.exports(module)).toEqual([{ name: 'outer', kind: 'function' }])
    expect(WebAssembly.Module.imports(module)).toEqual([{ module: 'env', name: 'memory', kind: 'memory' }])
    expect(
      WebAssembly.Module.exports(new WebAssembly.Module(assemble([outer, helper]))).map(({ name }) => name),
    ).toEqual(['outer', 'helper'])
  })

  it('takes helpers of one name, which are not exported', () => {
    const helper = (n: number) => func('helper', {}, () => i32.const(n))
    const f = func('f', {}, (_, { call }) => i32.add(call(helper(40), {}), call(helper(2), {})))
    expect(compile([f], new WebAssembly.Memory({ initial: 0 }))[0]()).toBe(42)
  })

  it('writes one type for equal signatures', () => {
    const many = (n: number) => Array.from({ length: n }, (_, i) => func(`f${i}`, { x: 'f32' }, ({ x }) => f32.neg(x)))
    const perFunction = assemble(many(21)).length - assemble(many(20)).length
    expect(perFunction).toBeLessThan(30)
    expect(WebAssembly.validate(assemble(many(300)))).toBe(true)
  })

  it('names functions and locals in any script, and the module', () => {
    const f = func('свёртка 3×3', { вход: 'i32' }, ({ вход }, { local }) => local(вход, 'строка'))
    const bytes = assemble([f], { name: 'ядро', localNames: true })
    expect(WebAssembly.validate(bytes)).toBe(true)
    const [section] = WebAssembly.Module.customSections(new WebAssembly.Module(bytes), 'name')
    const names = new TextDecoder().decode(section)
    for (const name of ['свёртка 3×3', 'вход', 'строка', 'ядро']) expect(names).toContain(name)
  })

  it('leaves the names of locals out unless it is told to write them', () => {
    const f = func('kernel', { input: 'i32' }, ({ input }, { local }) => local(input, 'row'))
    const bytes = assemble([f], { name: 'module' })
    const [section] = WebAssembly.Module.customSections(new WebAssembly.Module(bytes), 'name')
    const names = new TextDecoder().decode(section)
    for (const name of ['kernel', 'module']) expect(names).toContain(name)
    for (const name of ['input', 'row']) expect(names).not.toContain(name)
    const all = assemble([f], { name: 'module', localNames: true })
    expect(all.subarray(0, bytes.length - section!.byteLength - 8)).toEqual(
      bytes.subarray(0, bytes.length - section!.byteLength - 8),
    )
  })
})

describe('memory', () => {
  it('asks for its minimum', () => {
    expect(() => instantiate([nothing], new WebAssembly.Memory({ initial: 1 }), { memory: { minimum: 2 } })).toThrow(
      WebAssembly.LinkError,
    )
    instantiate([nothing], new WebAssembly.Memory({ initial: 2 }), { memory: { minimum: 2 } })
    instantiate([nothing], new WebAssembly.Memory({ initial: 0 }), { memory: start })
  })

  it('asks for a maximum', () => {
    const options = { memory: { maximum: 10 } }
    expect(() => instantiate([nothing], new WebAssembly.Memory({ initial: 1 }), options)).toThrow(WebAssembly.LinkError)
    expect(() => instantiate([nothing], new WebAssembly.Memory({ initial: 1, maximum: 11 }), options)).toThrow(
      WebAssembly.LinkError,
    )
    instantiate([nothing], new WebAssembly.Memory({ initial: 1, maximum: 9 }), options)
  })

  it('takes a shared memory of any maximum where it asks for none, and only a shared one', () => {
    for (const maximum of [1, 100, 65536])
      instantiate([nothing], new WebAssembly.Memory({ initial: 1, maximum, shared: true }), {
        memory: { shared: true },
      })
    const unshared = new WebAssembly.Memory({ initial: 1, maximum: 1 })
    expect(() => instantiate([nothing], unshared, { memory: { shared: true } })).toThrow(WebAssembly.LinkError)
  })
})
