import { SourceMap } from 'node:module'
import { rolldown } from 'rolldown'
import { parseAst } from 'rolldown/parseAst'
import { Visitor } from 'rolldown/utils'
import { expect, it } from 'vitest'
import { eagerFunctions } from './eager-functions.mjs'

const source = `
export const early = late(2)
export function late(n) {
  return half(n) + own(n)
  function half(n) { return n / 2 }
  function own(n) { return [1, 2].map((k) => (l) => k * l).reduce((sum, f) => sum + f(n), 0) }
}
export const text = String(late)
export class Counter {
  #count = 0
  add = () => ++this.#count
  get count() { return this.#count }
  reset() { this.#count = 0 }
  static of(n) { const made = new Counter(); for (let i = 0; i < n; i++) made.add(); return made }
}
export const things = {
  method() { return [...(function* () { yield* [1, 2] })()] },
  get got() { return (() => 3)() },
  field: async function named() { return named.name },
  async arrow(n = () => 4) { return n() },
}
export async function* counted() { yield 1 }
export function swapped(a) {
  [a[0], a[1]] = [a[1], a[0]]
  return both()
  function both() { return a.join() }
}
`

async function built(code = source) {
  const entry = {
    name: 'entry',
    resolveId: (id) => id,
    load: () => code,
  }
  const bundle = await rolldown({
    input: 'entry.js',
    plugins: [entry, eagerFunctions()],
    experimental: { nativeMagicString: true },
  })
  const { output } = await bundle.generate({ format: 'esm', sourcemap: true })
  return output[0]
}

it('puts all functions but methods into parentheses', async () => {
  const { code } = await built()
  const outside = []
  const methods = new Set()
  const expectParentheses = (node) => {
    if (methods.has(node)) return
    if (code[node.start - 1] !== '(' || code[node.end] !== ')') outside.push(code.slice(node.start, node.end))
  }
  const noteMethod = ({ value, kind, method }) => {
    if (method || kind !== 'init') methods.add(value)
  }
  let arrows = 0
  new Visitor({
    MethodDefinition: noteMethod,
    Property: noteMethod,
    FunctionDeclaration: expectParentheses,
    FunctionExpression: expectParentheses,
    ArrowFunctionExpression(node) {
      arrows++
      expectParentheses(node)
    },
  }).visit(parseAst(code))
  expect(outside).toEqual([])
  expect(arrows).toBe(6)
})

it('changes nothing of what the code does', async () => {
  const { code } = await built()
  const { early, late, text, Counter, things, counted, swapped } = await import(
    `data:text/javascript,${encodeURIComponent(code)}`
  )
  expect(early).toBe(7)
  expect(late.name).toBe('late')
  expect(text).toMatch(/^function late\(n\) \{/)
  expect(Counter.of(3).count).toBe(3)
  expect(things.method()).toEqual([1, 2])
  expect(things.got).toBe(3)
  expect(await things.field()).toBe('named')
  expect(await things.arrow()).toBe(4)
  expect(await counted().next()).toEqual({ value: 1, done: false })
  expect(swapped([1, 2])).toBe('2,1')
})

it('leads back to the source, also from what was moved', async () => {
  const { code, map } = await built()
  for (const [found, line] of [
    ['n / 2', 'return n / 2'],
    ['a.join()', 'return a.join()'],
    ['++this.#count', 'add = () =>'],
  ]) {
    const lines = code.slice(0, code.indexOf(found)).split('\n')
    const { originalLine } = new SourceMap(map).findEntry(lines.length - 1, lines.at(-1).length)
    expect(source.split('\n')[originalLine]).toContain(line)
  }
})

it.each([
  ['SwitchStatement', 'export function f(x) { switch (x) { case 1: return g(); function g() { return 2 } } }'],
  ['StaticBlock', 'export class A { static { g(); function g() { return 2 } } }'],
])('refuses a declaration in a %s', async (type, code) => {
  await expect(built(code)).rejects.toThrow(`function g in a ${type}`)
})
