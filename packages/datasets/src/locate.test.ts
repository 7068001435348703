import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { sendFile, serve } from '../test/file-server.js'
import { smallArchive, smallCifar, writeSmallCifar } from '../test/small-cifar.js'
import { temporaryFolder } from '../test/temporary-folder.js'
import { locate } from './locate.js'

const { published } = smallCifar()
/** Options under which nothing outside of the test is looked at. */
const alone = () => ({ cache: join(temporaryFolder(), 'cache'), download: false })

afterEach(() => vi.unstubAllEnvs())

describe('locate', () => {
  it('takes the folder of the files, what holds it, and a folder of several datasets', async () => {
    const place = temporaryFolder()
    const folder = writeSmallCifar(place)
    expect(await locate(published, { ...alone(), directory: folder })).toBe(folder)
    expect(await locate(published, { ...alone(), directory: place })).toBe(folder)
    const several = temporaryFolder()
    const nested = writeSmallCifar(join(several, 'small-cifar'))
    expect(await locate(published, { ...alone(), directory: several })).toBe(nested)
    const renamed = temporaryFolder()
    const plain = writeSmallCifar(renamed, 'small-cifar')
    expect(await locate(published, { ...alone(), directory: renamed })).toBe(plain)
  })

  it('takes the archive, alone or in a folder, and unpacks it into the cache once', async () => {
    const place = temporaryFolder()
    const archive = join(place, 'small.tar.gz')
    writeFileSync(archive, smallArchive)
    const options = alone()
    const folder = join(options.cache, 'small-cifar', 'small-batches-bin')
    expect(await locate(published, { ...options, directory: archive })).toBe(folder)
    expect(readdirSync(folder)).toHaveLength(3)
    writeFileSync(join(folder, 'mark'), '')
    expect(await locate(published, { ...options, directory: place })).toBe(folder)
    expect(existsSync(join(folder, 'mark'))).toBe(true)
    rmSync(join(folder, 'test_batch.bin'))
    expect(await locate(published, { ...options, directory: place })).toBe(folder)
    expect(readdirSync(folder)).toHaveLength(3)
  })

  it('refuses an archive that is not the published one', async () => {
    const archive = join(temporaryFolder(), 'small.tar.gz')
    writeFileSync(archive, smallArchive.slice(0, -1))
    await expect(locate(published, { ...alone(), directory: archive })).rejects.toMatchObject({
      code: 'CHECKSUM',
      message: expect.stringMatching(/small\.tar\.gz has md5 [0-9a-f]{32}; expected [0-9a-f]{32}$/),
    })
  })

  it('looks at the directory, else at $LOWBIT_DATA and the cache, else downloads', async () => {
    const archive = await serve((request, response) => sendFile(request, response, smallArchive))
    const [given, named] = [temporaryFolder(), temporaryFolder()]
    const options = { cache: join(temporaryFolder(), 'cache') }
    const reachable = smallCifar(archive).published
    const cached = await locate(reachable, options)
    expect(cached).toBe(join(options.cache, 'small-cifar', 'small-batches-bin'))
    expect(readdirSync(join(options.cache, 'small-cifar'))).toEqual(['small-batches-bin'])
    expect(await locate(published, options)).toBe(cached)
    vi.stubEnv('LOWBIT_DATA', named)
    expect(await locate(published, options)).toBe(cached)
    const second = writeSmallCifar(named)
    expect(await locate(published, options)).toBe(second)
    const first = writeSmallCifar(given)
    expect(await locate(published, { ...options, directory: given })).toBe(first)
  })

  it('downloads what the cache lacks a file of', async () => {
    const address = await serve((request, response) => sendFile(request, response, smallArchive))
    const options = { cache: temporaryFolder() }
    const folder = writeSmallCifar(join(options.cache, 'small-cifar'))
    rmSync(join(folder, 'data_batch_2.bin'))
    expect(await locate(smallCifar(address).published, options)).toBe(folder)
    expect(readdirSync(folder)).toHaveLength(3)
  })

  it('downloads files that were published one by one, only those that are missing', async () => {
    const asked: string[] = []
    const contents = Uint8Array.of(1, 2, 3)
    const address = await serve((request, response) => {
      asked.push(request.url ?? '')
      sendFile(request, response, contents)
    })
    const remote = (name: string) => ({
      address: `${address}/${name}`,
      md5: '5289df737df57326fcdd22597afb1fac',
      bytes: 3,
    })
    const separate = {
      name: 'separate',
      folder: 'raw',
      files: [
        ['one', 'one.gz'],
        ['two', 'two.gz'],
      ],
      origin: { kind: 'files' as const, remotes: [remote('one.gz'), remote('two.gz')] },
    }
    const options = { cache: temporaryFolder() }
    const folder = join(options.cache, 'separate', 'raw')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'one'), 'raw')
    expect(await locate(separate, options)).toBe(folder)
    expect(asked).toEqual(['/two.gz'])
    expect(readdirSync(folder)).toEqual(['one', 'two.gz'])
  })

  it('says which file is missing', async () => {
    const folder = writeSmallCifar(temporaryFolder())
    rmSync(join(folder, 'data_batch_2.bin'))
    await expect(locate(published, { ...alone(), directory: folder })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: `${join(folder, 'data_batch_2.bin')} is missing`,
    })
  })

  it('says what was expected of a folder without the files, and of one that does not exist', async () => {
    const folder = temporaryFolder()
    const expected = /data_batch_1\.bin, data_batch_2\.bin, test_batch\.bin.*small-batches-bin.*small\.tar\.gz/
    for (const directory of [folder, join(folder, 'nowhere')]) {
      await expect(locate(published, { ...alone(), directory })).rejects.toMatchObject({
        code: 'NOT_FOUND',
        message: expect.stringMatching(expected),
      })
    }
    vi.stubEnv('LOWBIT_DATA', join(folder, 'nowhere'))
    await expect(locate(published, alone())).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('says where it looked when it may not download', async () => {
    vi.stubEnv('LOWBIT_DATA', temporaryFolder())
    const options = alone()
    await expect(locate(published, options)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: `small-cifar is not in ${process.env.LOWBIT_DATA} or ${join(options.cache, 'small-cifar')}`,
    })
  })
})
