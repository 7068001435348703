import { describe, expect, it } from 'vitest'
import { compileKernel } from './compile-kernels.js'

describe('compileKernel', () => {
  it('compiles a shape once', () => {
    const kernel = { kernel: 'widen', bytes: 32 } as const
    expect(compileKernel({ ...kernel })).toBe(compileKernel({ ...kernel }))
    expect(compileKernel({ ...kernel, bytes: 64 })).not.toBe(compileKernel(kernel))
  })

  it('names the kernel in its module', async () => {
    const { module, name } = await compileKernel({ kernel: 'widen', bytes: 32 })
    expect(WebAssembly.Module.exports(module).map((exported) => exported.name)).toEqual([name])
  })
})
