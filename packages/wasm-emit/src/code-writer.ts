import type { Func } from './func.js'
import { unsigned } from './leb128.js'
import { opcodeOf } from './opcodes.js'
import type { Expression, Reading } from './value.js'
import { WasmEmitError } from './wasm-emit-error.js'

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
  let code: number[] = []
  let size = 0

  function append(opcode: number, immediates: readonly number[]) {
    if (opcode < 0x100) code.push(opcode)
    else code.push(opcode >> 12, ...unsigned(opcode & 0xfff))
    code.push(...immediates)
    if (size + code.length > maximumBytes)
      throw new WasmEmitError('SIZE', `${functionName}: more than ${maximumBytes} bytes of code`)
  }

  function flush() {
    parts.push(Uint8Array.from(code))
    size += code.length
    code = []
  }

  return {
    instruction: (mnemonic, ...immediates) => append(opcodeOf(mnemonic), immediates),

    // Not recursive: sums of a hundred thousand terms are written as one value.
    expression(root, read) {
      const pending: { readonly expression: Expression; next: number }[] = [{ expression: root, next: 0 }]
      for (let top = pending.at(-1); top; top = pending.at(-1)) {
        const { expression } = top
        if ('place' in expression) {
          read(expression)
          append(opcodeOf('local.get'), unsigned(expression.place.index))
          pending.pop()
        } else if (top.next < expression.operands.length) {
          pending.push({ expression: expression.operands[top.next++]!, next: 0 })
        } else {
          append(expression.opcode, expression.immediates)
          pending.pop()
        }
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
