import { BenchError } from '../bench-error.js'
import { startModuleServer } from './module-server.js'

/** Where Chromium lies unless it is said. */
export const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'

/** A page in a browser of its own, without a window. */
export interface BrowserPage {
  /** `chromium 140.0.7339.80` */
  readonly version: string
  /** Given to the browser at its start. */
  readonly flags: readonly string[]
  /** Calls a function that a script of `page/` exports. Arguments and results are JSON. Errors: what it throws, and its reason. */
  call<Result>(script: string, name: string, ...given: readonly Json[]): Promise<Result>
  /** Makes bytes readable in the page at the path that is given back. */
  offer(bytes: Uint8Array | Float32Array): string
  /** Takes back what was offered at these paths: until then it is kept. */
  withdraw(...paths: readonly string[]): void
  close(): Promise<void>
}

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** Errors: `ENVIRONMENT` where there is no browser at `path`, or none that starts. */
export async function openBrowser(path: string): Promise<BrowserPage> {
  // Without a sandbox it also starts for the administrator, as in containers; it sees nothing but this server.
  const flags = ['--no-sandbox', '--disable-gpu', '--disable-background-networking']
  // Loaded where it is needed: most commands open no browser.
  const { chromium } = await import('playwright-core')
  const server = await startModuleServer()
  const browser = await chromium.launch({ executablePath: path, args: [...flags] }).catch((cause) => {
    server.close()
    throw new BenchError('ENVIRONMENT', `--browser ${path}: expected Chromium, which could not be started`, { cause })
  })
  const close = async () => {
    await browser.close()
    server.close()
  }
  try {
    const page = await browser.newPage()
    await page.goto(server.address)
    return {
      version: `chromium ${browser.version()}`,
      flags,
      call: <Result>(script: string, name: string, ...given: readonly Json[]) =>
        page.evaluate<Result>(`import('/page/${script}.js').then((it) => it.${name}(...${JSON.stringify(given)}))`),
      offer: server.offer,
      withdraw: server.withdraw,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
