// What a page waits for: `node bench/first-result-in-a-page.mjs [rounds]`, after `pnpm build`, with Chromium at CHROMIUM_PATH or
// /usr/bin/chromium. The library as one minified file, as it is and with Chrome's hint to compile all functions with the file: in a
// new browser each time, milliseconds until the file has run, and from `load` to the first logits of CNN10 at 8, 4 and 2 bits.
import { createServer } from 'node:http'
import { chromium } from 'playwright-core'
import { build } from 'rolldown'
import { encodeNetwork } from '../dist/format/index.js'
import { syntheticCnn } from '../dist/synthetic/index.js'

const rounds = Number(process.argv[2] ?? 7)
const widths = [8, 4, 2]
const hints = { 'as it is': '', 'with the hint': '//# allFunctionsCalledOnLoad\n' }

const { output } = await build({
  input: new URL('page.mjs', import.meta.url).pathname,
  platform: 'browser',
  output: { format: 'esm', minify: true },
  write: false,
})
const networks = new Map(widths.map((bits) => [bits, encodeNetwork(syntheticCnn('CNN10', { bits }))]))

const server = createServer(({ url }, response) => {
  const [, kind, which] = url.split('/').map(decodeURIComponent)
  if (kind === 'network') return response.end(networks.get(Number(which)))
  if (kind === 'script') {
    return response.setHeader('content-type', 'text/javascript').end(hints[which] + output[0].code)
  }
  response.setHeader('content-type', 'text/html').end(`<script type="module" src="/script/${which}"></script>`)
})
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
const { port } = server.address()

const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
const times = new Map()
let version = ''
for (let round = 0; round < rounds; round++) {
  process.stderr.write(`round ${round + 1} of ${rounds}\r`)
  for (const hint of Object.keys(hints)) {
    for (const bits of widths) {
      const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
      version = browser.version()
      const page = await browser.newPage()
      await page.goto(`http://127.0.0.1:${port}/page/${encodeURIComponent(hint)}`)
      await page.waitForFunction(() => globalThis.ran)
      note(`${hint}, file has run`, await page.evaluate(() => globalThis.ran))
      note(`${hint}, first result, ${bits} bits`, await page.evaluate((width) => globalThis.firstResult(width), bits))
      await browser.close()
    }
  }
}
server.close()

console.log(`Chromium ${version}, medians of ${rounds} rounds, ms`)
for (const [name, all] of times) console.log(name.padEnd(40), median(all).toFixed(1))

function note(name, ms) {
  times.set(name, [...(times.get(name) ?? []), ms])
}

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1]
}
