import { compile, f32x4, func } from '@lowbit/wasm-emit'
import { overFloats } from '../elementwise/over-floats.js'
import { cachedProgram } from '../tfjs/program-cache.js'

/** One step of an optimizer over a variable; moments and velocities are changed where they lie, the value goes to `output`. */
export const optimizerKernels = (memory: WebAssembly.Memory) =>
  cachedProgram(memory, 'optimizers', () => {
    const [adam, momentum, descent] = compile([adamStep(), momentumStep(), descentStep()], memory, 'optimizers')
    return { adam, momentum, descent }
  })

/**
 * first = first * beta1 + gradient * rest1, second = second * beta2 + gradient^2 * rest2,
 * output = value * decay - rate * (first * correction1) / (sqrt(second * correction2) + epsilon): each operation rounded.
 */
const adamStep = () =>
  func(
    'adam',
    {
      ...{ value: 'i32', gradient: 'i32', first: 'i32', second: 'i32', output: 'i32', count: 'i32' },
      ...{ beta1: 'f32', rest1: 'f32', beta2: 'f32', rest2: 'f32', correction1: 'f32', correction2: 'f32' },
      ...{ epsilon: 'f32', rate: 'f32', decay: 'f32' },
    },
    ({ value, gradient, first, second, output, count, ...scalars }, body) => {
      const [beta1, rest1, beta2, rest2] = [scalars.beta1, scalars.rest1, scalars.beta2, scalars.rest2].map((scalar) =>
        body.local(f32x4.splat(scalar)),
      )
      const correction1 = body.local(f32x4.splat(scalars.correction1))
      const correction2 = body.local(f32x4.splat(scalars.correction2))
      const epsilon = body.local(f32x4.splat(scalars.epsilon))
      const rate = body.local(f32x4.splat(scalars.rate))
      const decay = body.local(f32x4.splat(scalars.decay))
      overFloats(body, count, [value, gradient, first, second, output], ({ load, store }) => {
        const g = body.local(load(gradient))
        const m = body.local(f32x4.add(f32x4.mul(load(first), beta1!), f32x4.mul(g, rest1!)))
        const v = body.local(f32x4.add(f32x4.mul(load(second), beta2!), f32x4.mul(f32x4.mul(g, g), rest2!)))
        store(first, m)
        store(second, v)
        const spread = f32x4.add(f32x4.sqrt(f32x4.mul(v, correction2)), epsilon)
        const step = f32x4.mul(rate, f32x4.div(f32x4.mul(m, correction1), spread))
        store(output, f32x4.sub(f32x4.mul(load(value), decay), step))
      })
    },
  )

/** velocity = velocity * momentum + gradient, output = value - rate * velocity */
const momentumStep = () =>
  func(
    'momentum',
    { value: 'i32', gradient: 'i32', velocity: 'i32', output: 'i32', count: 'i32', momentum: 'f32', rate: 'f32' },
    ({ value, gradient, velocity, output, count, ...scalars }, body) => {
      const momentum = body.local(f32x4.splat(scalars.momentum))
      const rate = body.local(f32x4.splat(scalars.rate))
      overFloats(body, count, [value, gradient, velocity, output], ({ load, store }) => {
        const next = body.local(f32x4.add(f32x4.mul(load(velocity), momentum), load(gradient)))
        store(velocity, next)
        store(output, f32x4.sub(load(value), f32x4.mul(rate, next)))
      })
    },
  )

/** output = value - rate * gradient */
const descentStep = () =>
  func(
    'descent',
    { value: 'i32', gradient: 'i32', output: 'i32', count: 'i32', rate: 'f32' },
    ({ value, gradient, output, count, ...scalars }, body) => {
      const rate = body.local(f32x4.splat(scalars.rate))
      overFloats(body, count, [value, gradient, output], ({ load, store }) =>
        store(output, f32x4.sub(load(value), f32x4.mul(rate, load(gradient)))),
      )
    },
  )
