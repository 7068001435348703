import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ModuleServer, startModuleServer } from './module-server.js'

let server: ModuleServer
beforeAll(async () => {
  server = await startModuleServer()
})
afterAll(() => server.close())

const get = (path: string) => fetch(new URL(path, server.address))

it('serves the page, scripts, packages and what it is handed', async () => {
  expect(await (await get('/')).text()).toContain('importmap')
  expect((await get('/page/works.js')).headers.get('content-type')).toBe('text/javascript')
  expect((await get('/@lowbit/int-kernels/dist/index.js')).status).toBe(200)
  const bytes = await (await get(server.offer(new Uint8Array([1, 2, 3])))).arrayBuffer()
  expect([...new Uint8Array(bytes)]).toEqual([1, 2, 3])
})

it('serves no longer what was withdrawn, and all else as before', async () => {
  const [first, second] = [server.offer(new Uint8Array([1])), server.offer(new Uint8Array([2]))]
  server.withdraw(first)
  expect((await get(first)).status).toBe(404)
  expect((await get(second)).status).toBe(200)
  expect([first, second]).not.toContain(server.offer(new Uint8Array([3])))
})

it.each([
  '/page/..%2f..%2f..%2fpackage.json',
  '/@lowbit/int-kernels/..%2f..%2f..%2fpackage.json',
  '/page/%',
  '/no-such-package/index.js',
  '/bytes/7',
])('has nothing at %s', async (path) => {
  expect((await get(path)).status).toBe(404)
})
