import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { claimFolder } from './claim-folder.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lowbit-claim-'))
})
afterEach(() => rm(folder, { recursive: true }))

it('refuses a folder that is claimed, and takes it when it was given back', async () => {
  const giveBack = await claimFolder(folder)
  await expect(claimFolder(join(folder, '.'))).rejects.toThrow(`another process is at work in it`)
  await giveBack()
  await (await claimFolder(folder))()
})

it('takes a folder whose process was killed', async () => {
  const program = `
    const { claimFolder } = await import(${JSON.stringify(new URL('../../dist/experiment/claim-folder.js', import.meta.url))})
    await claimFolder(${JSON.stringify(folder)})
    process.stdout.write('claimed')
    setInterval(() => {}, 1000)`
  const other = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(other.stdout, 'data')
  await expect(claimFolder(folder)).rejects.toThrow(`another process is at work in it`)
  other.kill('SIGKILL')
  await once(other, 'close')
  await (await claimFolder(folder))()
})
