import { unsigned } from './leb128.js'
import { opcodeBytes } from './opcodes.js'
import type { Expression, Reading } from './value.js'
import { WasmEmitError } from './wasm-emit-error.js'
import type { Func } from './written-func.js'

/** Where the instructions of one function are gathered. */
export interface CodeWriter {
  instruction(mnemonic: string, ...immediates: number[]): void
  /** The instructions that leave a value on the stack; `read` is asked before each local that it reads. */
  expression(root: Expression, read: (reading: Reading) => void): void
  call(callee: Func): void
  finish(): Func['code']
}

/** V8 takes no longer functions. */
const maximumBytes = 7_654_321

export function codeWriter(functionName: string): CodeWriter {
  const parts: (Uint8Array | Func)[] = []
  let code = new Uint8Array(1024)
  let length = 0
  let finished = 0
  const pending: Expression[] = []
  const operandsDone: number[] = []
  const localGet = opcodeBytes('local.get')

  function append(bytes: readonly number[]) {
    if (length + bytes.length > code.length) {
      if (finished + length > maximumBytes)
        throw new WasmEmitError('SIZE', `${functionName}: more than ${maximumBytes} bytes of code`)
      const longer = new Uint8Array(2 * code.length)
      longer.set(code)
      code = longer
    }
    for (let i = 0; i < bytes.length; i++) code[length++] = bytes[i]!
  }

  function flush() {
    parts.push(code.slice(0, length))
    finished += length
    length = 0
  }

  return {
    instruction(mnemonic, ...immediates) {
      append(opcodeBytes(mnemonic))
      append(immediates)
    },

    // Not recursive: sums of a hundred thousand terms are written as one value.
    expression(root, read) {
      let expression = root
      let done = 0
      for (;;) {
        if ('place' in expression) {
          read(expression)
          append(localGet)
          append(unsigned(expression.place.index))
        } else if (done < expression.operands.length) {
          pending.push(expression)
          operandsDone.push(done + 1)
          expression = expression.operands[done]!
          done = 0
          continue
        } else {
          append(expression.opcode)
          append(expression.immediates)
        }
        if (pending.length === 0) return
        expression = pending.pop()!
        done = operandsDone.pop()!
      }
    },

    call(callee) {
      flush()
      parts.push(callee)
    },

    finish() {
      flush()
      return parts
    },
  }
}
