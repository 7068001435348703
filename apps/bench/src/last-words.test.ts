import { expect, it } from 'vitest'
import { reasonIn } from './last-words.js'

const outOfMemory = `
<--- Last few GCs --->

[1:0x1] 900 ms: Mark-Compact 2047.9 (2083.0) -> 2047.8 (2083.0) MB
FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory
----- Native stack trace -----
 1: 0xb8d0a3 node::OOMErrorHandler(char const*, v8::OOMDetails const&) [node]
`

it.each([
  ['lowbit-bench: no such data\n', 'no such data'],
  ['(node:1) ExperimentalWarning: this may change\nlowbit-bench: /runs: no space left\n', '/runs: no space left'],
  [outOfMemory, 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory'],
  ['Traceback:\n  File "x", line 1\nOutOfMemoryError: no room\n', 'OutOfMemoryError: no room'],
  ['TypeError: x is undefined\n    at main.js:1:1\n\nNode.js v24.0.0\n', 'TypeError: x is undefined'],
  ['lowbit-bench: no such data\nBenchError: no such data\n    at main.js:1:1\n', 'no such data'],
  ['killed\n', 'killed'],
  ['(node:1) Warning: old\n(Use `node --trace-warnings ...` to show where the warning was created)\n', undefined],
  ['', undefined],
])('of %j', (text, reason) => {
  expect(reasonIn(text)).toBe(reason)
})
