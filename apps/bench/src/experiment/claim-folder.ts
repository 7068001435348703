import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { realpath, rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BenchError } from '../bench-error.js'

/**
 * Claims a folder for this process until it gives it back or ends, however it ends: two that work in one would write into each
 * other's log. Other machines are not seen. Errors: `RUN` where another process of this machine has it.
 *
 * What claims is a socket that listens: the system closes it with the process, so that no claim outlives one that was killed.
 */
export async function claimFolder(folder: string): Promise<() => Promise<void>> {
  const address = addressOf(await realpath(folder))
  const taken = new BenchError('RUN', `${folder}: another process is at work in it`)
  if (await isAnswered(address)) throw taken
  // Left by a process that was killed.
  if (!isPipe) await rm(address, { force: true })
  const server = createServer((socket) => socket.destroy()).listen(address)
  await once(server, 'listening').catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === 'EADDRINUSE' ? taken : cause
  })
  server.unref()
  return async () => {
    server.close()
    await once(server, 'close')
  }
}

const isPipe = process.platform === 'win32'

/** Not in the folder: paths of sockets may have a hundred characters. */
function addressOf(folder: string): string {
  const name = `lowbit-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`
  return isPipe ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`)
}

async function isAnswered(address: string): Promise<boolean> {
  const socket = connect(address)
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
