import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { archiveOf } from '../test/hostile-archive.js'
import { temporaryFolder } from '../test/temporary-folder.js'
import { unpack } from './unpack.js'

const one = Uint8Array.from({ length: 3000 }, (_, i) => i)
const two = Uint8Array.of(7, 8)
const wanted = new Map([
  ['one.bin', 3000],
  ['two.bin', 2],
])
const good = [
  { path: 'data/', type: 'Directory' as const },
  { path: 'data/one.bin', contents: one },
  { path: 'data/two.bin', contents: two },
]

function written(archive: Uint8Array) {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'data.tar.gz'), archive)
  return { folder, path: join(folder, 'data.tar.gz'), target: join(folder, 'cache', 'data') }
}

describe('unpack', () => {
  it('unpacks what is wanted and nothing else', async () => {
    const { folder, path, target } = written(
      archiveOf([
        ...good,
        { path: 'data/readme.html', contents: two },
        { path: '../outside', contents: two },
        { path: '/lowbit-absolute', contents: two },
        { path: 'data/../../outside', contents: two },
        { path: 'data/link', type: 'SymbolicLink', linkpath: '/etc' },
        { path: 'data/link/one.bin', contents: two },
      ]),
    )
    await unpack(path, 'data', wanted, target)
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual([
      'cache',
      join('cache', 'data'),
      join('cache', 'data', 'one.bin'),
      join('cache', 'data', 'two.bin'),
      'data.tar.gz',
    ])
    expect(readFileSync(join(target, 'one.bin')).equals(one)).toBe(true)
    expect(readFileSync(join(target, 'two.bin')).equals(two)).toBe(true)
  })

  it('replaces what was left of an earlier folder', async () => {
    const { path, target } = written(archiveOf(good))
    mkdirSync(target, { recursive: true })
    writeFileSync(join(target, 'rest'), '')
    await unpack(path, 'data', wanted, target)
    expect(readdirSync(target).sort()).toEqual(['one.bin', 'two.bin'])
  })

  const whole = archiveOf(good)
  it.each<[name: string, archive: Uint8Array, message: RegExp]>([
    ['lacks a file', archiveOf(good.slice(0, 2)), /data\.tar\.gz lacks data\/two\.bin/],
    ['has nothing', archiveOf([]), /lacks|cannot be unpacked/],
    [
      'holds a longer file',
      archiveOf([{ path: 'data/one.bin', contents: new Uint8Array(3001) }]),
      /one\.bin has 3001 bytes; expected 3000/,
    ],
    ['holds a file twice', archiveOf([...good, good[2]!]), /data\/two\.bin is there twice/],
    [
      'holds a symbolic link',
      archiveOf([{ path: 'data/one.bin', type: 'SymbolicLink', linkpath: '/etc/passwd' }]),
      /is a SymbolicLink; expected a file/,
    ],
    [
      'holds a hard link',
      archiveOf([{ path: 'data/one.bin', type: 'Link', linkpath: '/etc/passwd' }]),
      /is a Link; expected a file/,
    ],
    ['is cut off', whole.subarray(0, whole.length - 40), /cannot be unpacked/],
    ['is no archive', new TextEncoder().encode('<html>not found</html>'.repeat(50)), /cannot be unpacked|lacks/],
    ['is empty', new Uint8Array(0), /lacks|cannot be unpacked/],
  ])('refuses an archive that %s, and leaves nothing behind', async (_, archive, message) => {
    const { folder, path, target } = written(archive)
    await expect(unpack(path, 'data', wanted, target)).rejects.toMatchObject({
      code: 'ARCHIVE',
      message: expect.stringMatching(message),
    })
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual(['cache', 'data.tar.gz'])
  })
})
