import { byteWriter } from './byte-writer.js'
import { opcodeBytes } from './opcodes.js'
import type { Reading, Type, Value } from './value.js'
import type { Func } from './written-func.js'

/** Where the instructions of one function are gathered. */
export interface CodeWriter {
  instruction(mnemonic: string, immediates?: readonly number[]): void
  /** The instructions that leave a value on the stack; `read` is asked before each local that it reads. */
  expression(root: Value<Type>, read: (reading: Reading) => void): void
  call(callee: Func): void
  finish(): Func['code']
}

/** V8 takes no longer functions. */
const maximumBytes = 7_654_321

export function codeWriter(functionName: string): CodeWriter {
  const parts: (Uint8Array | Func)[] = []
  const { append, take } = byteWriter(functionName, maximumBytes)
  const pending: Value<Type>[] = []
  const operandsDone: number[] = []
  const localGet = opcodeBytes('local.get')

  return {
    instruction(mnemonic, immediates) {
      append(opcodeBytes(mnemonic))
      if (immediates) append(immediates)
    },

    // Not recursive: sums of a hundred thousand terms are written as one value.
    expression(root, read) {
      let value = root
      let done = 0
      for (;;) {
        if ('place' in value) {
          read(value)
          append(localGet)
          append(value.place.encoded)
        } else if (done < value.operands.length) {
          pending.push(value)
          operandsDone.push(done + 1)
          value = value.operands[done]!
          done = 0
          continue
        } else {
          append(value.opcode)
          append(value.immediates)
        }
        if (pending.length === 0) return
        value = pending.pop()!
        done = operandsDone.pop()!
      }
    },

    call(callee) {
      parts.push(take(), callee)
    },

    finish() {
      return [...parts, take()]
    },
  }
}
