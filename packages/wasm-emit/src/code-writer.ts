import { byteWriter } from './byte-writer.js'
import { opcodeOf } from './opcodes.js'
import type { Place, Reading, Type, Value } from './value.js'
import type { Func } from './written-func.js'

/** Where the instructions of one function are gathered. */
export interface CodeWriter {
  instruction(mnemonic: string, immediates?: readonly number[]): void
  /** The instructions that leave a value on the stack; `read` is asked before each local that it reads. */
  expression(root: Value<Type>, read: (reading: Reading) => void): void
  /** Sets a local to what the code before leaves on the stack. */
  set(place: Place): void
  call(callee: Func): void
  finish(): Func['code']
}

/** V8 takes no longer functions. */
const maximumBytes = 7_654_321

export function codeWriter(functionName: string): CodeWriter {
  const parts: (Uint8Array | Func)[] = []
  const { append, opcode, unsigned, take } = byteWriter(functionName, maximumBytes)
  const pending: Value<Type>[] = []
  const operandsDone: number[] = []
  const localGet = opcodeOf('local.get')
  const localSet = opcodeOf('local.set')

  return {
    instruction(mnemonic, immediates) {
      opcode(opcodeOf(mnemonic))
      if (immediates) append(immediates)
    },

    // Not recursive: sums of a hundred thousand terms are written as one value.
    expression(root, read) {
      let value = root
      let done = 0
      for (;;) {
        if ('place' in value) {
          read(value)
          opcode(localGet)
          unsigned(value.place.index)
        } else if (done < value.operands.length) {
          pending.push(value)
          operandsDone.push(done + 1)
          value = value.operands[done]!
          done = 0
          continue
        } else {
          opcode(value.opcode)
          if (value.immediates.length > 0) append(value.immediates)
        }
        if (pending.length === 0) return
        value = pending.pop()!
        done = operandsDone.pop()!
      }
    },

    set({ index }) {
      opcode(localSet)
      unsigned(index)
    },

    call(callee) {
      parts.push(take(), callee)
    },

    finish() {
      return [...parts, take()]
    },
  }
}
