import { describe, expect, it } from 'vitest'
import { openLineProcess } from './line-process.js'

const start = (program: string) => openLineProcess(process.execPath, ['--input-type=module', '-e', program])

const echo = `
  import { createInterface } from 'node:readline'
  console.log(JSON.stringify({ version: '1.2' }))
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'die') { console.error('a traceback\\nOutOfMemory: no room'); process.exit(3) }
    console.log(line.toUpperCase())
  }`

describe('a process that answers lines', () => {
  it('introduces itself, answers each line and ends when it is closed', async () => {
    const peer = await start(echo)
    expect(peer.hello).toEqual({ version: '1.2' })
    expect(await peer.ask('step')).toBe('STEP')
    expect(await peer.ask('again')).toBe('AGAIN')
    await peer.close()
  })

  it('is quoted where it dies', async () => {
    const peer = await start(echo)
    await expect(peer.ask('die')).rejects.toThrow('OutOfMemory: no room')
    await expect(peer.ask('step')).rejects.toThrow('OutOfMemory: no room')
    await peer.close()
  })

  it('has to be there', async () => {
    await expect(openLineProcess('/no/such/program', [])).rejects.toThrow('ENOENT')
    await expect(start('throw new TypeError("no such thing")')).rejects.toThrow('node: TypeError: no such thing')
    await expect(start('process.exit(0)')).rejects.toThrow('ended with exit code 0')
  })

  it('is ended where it does not introduce itself', async () => {
    const error: Error = await start('console.log("I am", process.pid); process.stdin.resume()').then(
      () => expect.unreachable('that is no JSON'),
      (reason) => reason,
    )
    const [, pid] = /^node: expected a JSON object in its first line, got I am (\d+)$/.exec(error.message) ?? []
    expect(() => process.kill(Number(pid), 0)).toThrow('ESRCH')
  })
})
