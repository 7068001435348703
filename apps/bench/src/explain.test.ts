import { expect, it } from 'vitest'
import { BenchError } from './bench-error.js'
import { explain } from './explain.js'

const systemError = (code: string) =>
  Object.assign(new Error(`${code}: whatever`), { code, path: '/disk/results.jsonl' })

it('tells wrong usage from what went wrong', () => {
  expect(explain(new BenchError('USAGE', '--bits 9: expected …'))).toEqual({
    message: '--bits 9: expected …',
    exitCode: 2,
  })
  expect(explain(new BenchError('RUN', 'no'))).toEqual({ message: 'no', exitCode: 1 })
  expect(explain('a string')).toEqual({ message: 'a string', exitCode: 1 })
})

it('keeps to one line', () => {
  expect(explain(new Error('first\nsecond')).message).toBe('first')
})

it.each([
  ['ENOSPC', 'no space left'],
  ['EACCES', 'may not be read or written to'],
  ['EISDIR', 'expected a file'],
  ['ENOTDIR', 'a file is in the way'],
])('says what %s means for the file at hand', (code, meaning) => {
  const { message, exitCode } = explain(systemError(code))
  expect(message).toContain('/disk/results.jsonl')
  expect(message).toContain(meaning)
  expect(exitCode).toBe(1)
})
