import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Verification } from '../src/verify/verification.js'

const program = fileURLToPath(new URL('../bin/lowbit-bench.js', import.meta.url))
const chromium = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
const browser = existsSync(chromium) ? ['--browser', chromium] : []
const quick = ['generated', '--images', '200', '--float-steps', '20', '--steps', '5']

describe('lowbit-bench verify', () => {
  const elsewhere = browser.length > 0 ? 'in Chromium' : `(not in Chromium: there is no ${chromium})`
  it(`finds the bits of a trained model on each path, ${elsewhere}, and its class in onnxruntime`, async () => {
    const { code, stdout, stderr } = await verify([...quick, ...browser, '--bits', '2,8', '--witness', '--json'])
    expect(code, stderr).toBe(0)
    const [setting, lines] = jsonLines(stdout)
    expect(setting).toMatchObject({ data: 'generated', floatSteps: 20, steps: 5 })
    expect(lines).toHaveLength(4)
    for (const line of lines) {
      expect(line).toMatchObject({ network: 'CNN6', images: 200, differ: 0, largestDifference: 0, pathsThatDiffer: [] })
      expect(line.paths).toEqual(expect.arrayContaining(browser.length > 0 ? ['plain', 'chromium plain'] : ['plain']))
      expect(line.sumSeen).toBeGreaterThan(0)
      expect(line.sumBound).toBeGreaterThanOrEqual(line.sumSeen)
      // A sum on the border of two codes may fall to either side.
      expect(line.onnxOtherClass).toBeLessThanOrEqual(2)
    }
    const [first, ...others] = lines
    expect(others.map(({ logits }) => logits)).not.toContain(first!.logits)
  })
})

async function verify(args: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [program, 'verify', ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout, stderr }
}

/** The line that says what was done, and those of the networks. */
function jsonLines(text: string): [setting: unknown, lines: Verification[]] {
  const [setting, ...lines] = text.trim().split('\n')
  return [JSON.parse(setting!), lines.map((line): Verification => JSON.parse(line))]
}
