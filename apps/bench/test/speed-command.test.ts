import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { SpeedLine } from '../src/speed/speed-line.js'

const program = fileURLToPath(new URL('../bin/lowbit-bench.js', import.meta.url))

describe('lowbit-bench speed', () => {
  it('prints the engine and then a line for each work, width and peer', async () => {
    const { code, stdout, stderr } = await speed(['estimators', '--filter', 'minmax', '--rounds', '2', '--json'])
    expect(code, stderr).toBe(0)
    const [engine, ...lines] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(engine).toMatchObject({ engine: `node ${process.versions.node}`, rounds: 2 })
    expect(lines).toHaveLength(1)
    const line = lines[0] as SpeedLine
    expect(Object.keys(line)).toEqual(['work', 'bits', 'threads', 'path', 'ms', 'peer', 'peerMs', 'ratio'])
    expect(line).toMatchObject({ work: 'minmax-2.4M-weights-512-filters', bits: 3, peer: null })
    expect(line.ms).toBeGreaterThan(0)
  })

  it('times work of other processes, and sets a table', async () => {
    const { code, stdout, stderr } = await speed(['data', '--filter', 'plain', '--rounds', '1'])
    expect(code, stderr).toBe(0)
    expect(stdout).toContain('CNN6-step, ms')
    expect(stdout).toMatch(/batch-plain +│ +float │ +[\d.]+ │ +[\d.]+ \([\d.]+x\)/)
  })
})

async function speed(args: readonly string[]) {
  const child = spawn(process.execPath, [program, 'speed', ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text) => (output[name] += text))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, ...output }
}
