import { describe, expect, it } from 'vitest'
import { compileKernels } from './compile-kernels.js'

describe('compileKernels', () => {
  it('writes what is equal once', async () => {
    const kernel = { kernel: 'widen', bytes: 32 } as const
    const { module, functions } = await compileKernels([kernel, { ...kernel }, { ...kernel, bytes: 64 }])
    const [first, second, third] = functions
    expect(first).toBe(second)
    expect(WebAssembly.Module.exports(module).map(({ name }) => name)).toEqual([first!.name, third!.name])
  })

  it('compiles equal kernels once, for a memory of one thread and for one of several', async () => {
    const kernels = () => [{ kernel: 'widen', bytes: 96 }] as const
    const compiled = await compileKernels(kernels())
    expect(await compileKernels(kernels())).toBe(compiled)
    expect(await compileKernels(kernels(), true)).not.toBe(compiled)
  })

  it('lets what it compiled go rather than hold ever more', async () => {
    const widen = (bytes: number) => compileKernels([{ kernel: 'widen', bytes }])
    const first = await widen(16)
    for (let vectors = 2; vectors <= 101; vectors++) await widen(16 * vectors)
    expect(await widen(16)).not.toBe(first)
  })

  it('names kernels in their module, each by another name', async () => {
    const { functions } = await compileKernels([
      { kernel: 'widen', bytes: 32 },
      { kernel: 'widen', bytes: 64 },
    ])
    expect(functions.map(({ name }) => name)).toEqual(['widen 0', 'widen 1'])
  })
})
