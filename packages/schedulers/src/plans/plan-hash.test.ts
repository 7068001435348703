import { expect, it } from 'vitest'
import { floatTraining } from './float-training.js'
import { planHash } from './plan-hash.js'

it('depends on the content of a plan and not on the order of its keys', () => {
  const plan = floatTraining({ steps: 10 })
  const { stages, method, layers } = plan
  expect(planHash({ stages, layers, method })).toBe(planHash(plan))
  expect(planHash(floatTraining({ steps: 11 }))).not.toBe(planHash(plan))
  // A fixed value: checkpoints written by one version are read by the next.
  expect(planHash(plan)).toMatchInlineSnapshot(`"cd15d2e90ba3c36c"`)
})
