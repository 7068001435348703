import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { firstByte, sendFile, serve } from '../test/file-server.js'
import { temporaryFolder } from '../test/temporary-folder.js'
import { download, type Progress } from './download.js'

const file = Uint8Array.from({ length: 300_000 }, (_, i) => (i * i) >> 7)
const md5 = createHash('md5').update(file).digest('hex')
const remote = (address: string) => ({ address: `${address}/data.bin`, md5, bytes: file.length })
const path = () => join(temporaryFolder(), 'new', 'data.bin')

describe('download', () => {
  it('brings the file, says how far it is, and leaves nothing else', async () => {
    const target = path()
    const progress: Progress[] = []
    const address = await serve((request, response) => sendFile(request, response, file))
    await download(remote(address), target, { onProgress: (now) => progress.push(now) })
    expect(readFileSync(target).equals(file)).toBe(true)
    expect(readdirSync(join(target, '..'))).toEqual(['data.bin'])
    expect(progress[0]).toEqual({ received: 0, total: file.length })
    expect(progress.at(-1)).toEqual({ received: file.length, total: file.length })
    expect(progress).toEqual(progress.toSorted((a, b) => a.received - b.received))
  })

  it('goes on where the connection was cut off, as often as it brings something', async () => {
    const target = path()
    const asked: number[] = []
    const address = await serve((request, response) => {
      asked.push(firstByte(request))
      sendFile(request, response, file, Math.min(firstByte(request) + 80_000, file.length))
    })
    await download(remote(address), target)
    expect(readFileSync(target).equals(file)).toBe(true)
    expect(asked).toEqual([0, 80_000, 160_000, 240_000])
  })

  it('goes on in the next call, where the server is gone for a while', async () => {
    const target = path()
    let requests = 0
    const address = await serve((request, response) => {
      requests++
      if (requests === 1) sendFile(request, response, file, 100_000)
      else if (requests === 2) response.destroy()
      else sendFile(request, response, file)
    })
    await expect(download(remote(address), target)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    expect(existsSync(target)).toBe(false)
    expect(readFileSync(`${target}.part`)).toHaveLength(100_000)
    const progress: Progress[] = []
    await download(remote(address), target, { onProgress: (now) => progress.push(now) })
    expect(readFileSync(target).equals(file)).toBe(true)
    expect(progress[0]!.received).toBe(100_000)
  })

  it.each([
    ['does not know ranges', 200, {}],
    ['answers with another range', 206, { 'content-range': 'bytes 7-9/10' }],
  ])('starts again where the server %s', async (_, status, headers) => {
    const target = path()
    let requests = 0
    const address = await serve((request, response) => {
      requests++
      if (request.headers.range && status === 206) response.writeHead(status, headers).end('abc')
      else response.writeHead(200).end(file)
    })
    await download(remote(address), target)
    expect(readFileSync(target).equals(file)).toBe(true)
    expect(requests).toBe(1)
    writeFileSync(`${target}.part`, file.subarray(0, 1000))
    await download(remote(address), target)
    expect(readFileSync(target).equals(file)).toBe(true)
    expect(existsSync(`${target}.part`)).toBe(false)
  })

  it('starts again where what was here is not the beginning of the file, or is longer', async () => {
    const address = await serve((request, response) => sendFile(request, response, file))
    for (const length of [1000, file.length, file.length + 5]) {
      const target = path()
      await download(remote(address), target)
      writeFileSync(`${target}.part`, new Uint8Array(length))
      await download(remote(address), target)
      expect(readFileSync(target).equals(file)).toBe(true)
    }
  })

  it('refuses another file, keeps nothing of it, and does not ask for ever', async () => {
    const target = path()
    let requests = 0
    const address = await serve((request, response) => {
      requests++
      sendFile(request, response, new Uint8Array(file.length))
    })
    const message = /data\.bin: what was downloaded is not the file: .* has md5 [0-9a-f]{32}; expected [0-9a-f]{32}/
    await expect(download(remote(address), target)).rejects.toMatchObject({
      code: 'CHECKSUM',
      message: expect.stringMatching(message),
    })
    expect(requests).toBe(1)
    expect(readdirSync(join(target, '..'))).toEqual([])
  })

  it('stops a server that sends more than the file', async () => {
    const target = path()
    const address = await serve((_, response) => {
      const more = () => {
        while (response.write(new Uint8Array(65536)));
        response.once('drain', more)
      }
      more()
    })
    await expect(download(remote(address), target)).rejects.toMatchObject({ code: 'DOWNLOAD' })
    expect(readdirSync(join(target, '..'))).toEqual([])
  })

  it.each([404, 403, 500])('says what the server answered: %s', async (status) => {
    const address = await serve((_, response) => response.writeHead(status).end('<html>no</html>'))
    await expect(download(remote(address), path())).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining(`${address}/data.bin answered ${status}`),
    })
  })

  it('says that there is no network', async () => {
    const unknown = { ...remote('http://nowhere.invalid'), address: 'http://nowhere.invalid/data.bin' }
    await expect(download(unknown, path())).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringMatching(
        /^http:\/\/nowhere\.invalid\/data\.bin cannot be reached: .*(ENOTFOUND|EAI_AGAIN)/,
      ),
    })
  })

  it('says that nobody listens', async () => {
    const listening = createServer()
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
    const { port } = listening.address() as AddressInfo
    await new Promise((resolve) => listening.close(resolve))
    await expect(download(remote(`http://127.0.0.1:${port}`), path())).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('ECONNREFUSED'),
    })
  })

  it('ends at once when it is told to, and keeps what is here', async () => {
    const target = path()
    const stop = new AbortController()
    const address = await serve((_, response) => {
      response.writeHead(200).write(file.subarray(0, 50_000))
    })
    const reason = new Error('enough')
    const onProgress = ({ received }: Progress) => {
      if (received === 50_000) stop.abort(reason)
    }
    await expect(download(remote(address), target, { onProgress, signal: stop.signal })).rejects.toBe(reason)
    expect(readFileSync(`${target}.part`)).toHaveLength(50_000)
    await expect(download(remote(address), target, { signal: stop.signal })).rejects.toBe(reason)
  })

  it('names the path that cannot be written', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'in-the-way'), '')
    const address = await serve((request, response) => sendFile(request, response, file))
    await expect(download(remote(address), join(folder, 'in-the-way', 'data.bin'))).rejects.toMatchObject({
      code: 'FILE',
      message: expect.stringContaining('in-the-way'),
    })
  })

  it.skipIf(!existsSync('/dev/full'))('says that the disk is full', async () => {
    const target = join(temporaryFolder(), 'data.bin')
    symlinkSync('/dev/full', `${target}.part`)
    const address = await serve((request, response) => sendFile(request, response, file))
    await expect(download(remote(address), target)).rejects.toMatchObject({
      code: 'FILE',
      message: `${target}.part: no space left on the disk`,
    })
  })
})
