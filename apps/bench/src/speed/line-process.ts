import { spawn } from 'node:child_process'
import { basename } from 'node:path'
import { createInterface } from 'node:readline'
import { BenchError } from '../bench-error.js'
import { parseJson } from '../experiment/parse-json.js'
import { reasonIn } from '../last-words.js'

/** A process that answers each line that it is sent with one line. */
export interface LineProcess {
  /** What it said when it was ready, a JSON object. */
  readonly hello: Readonly<Record<string, unknown>>
  /** Sends a line and waits for the answer. One at a time. Errors: `RUN` where the process ends instead. */
  ask(line: string): Promise<string>
  /** Closes its input, on which it ends. */
  close(): Promise<void>
}

/**
 * Starts a process and waits for its first line.
 * Errors: `RUN` where it cannot be started or ends before, with the reason that it gave on stderr; or where that line is no
 * JSON object, which ends it.
 */
export async function openLineProcess(command: string, args: readonly string[]): Promise<LineProcess> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] })
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-10_000)
  })
  // A process that has ended does not read: that shows in its exit, below.
  child.stdin.on('error', () => {})
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('close', (code, signal) => resolve(reasonIn(complaint) ?? `ended with ${signal ?? `exit code ${code}`}`))
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()

  const next = async (): Promise<string> => {
    const { done, value } = await lines.next()
    if (!done) return value
    throw new BenchError('RUN', `${basename(command)}: ${await ended}`)
  }
  const first = await next()
  const hello = parseJson(first)
  if (typeof hello !== 'object' || hello === null) {
    // It may wait for lines, and would keep this process alive.
    child.kill()
    await ended
    const got = first.slice(0, 80)
    throw new BenchError('RUN', `${basename(command)}: expected a JSON object in its first line, got ${got}`)
  }
  return {
    hello: hello as Record<string, unknown>,
    ask(line) {
      child.stdin.write(`${line}\n`)
      return next()
    },
    async close() {
      child.stdin.end()
      await ended
    },
  }
}
