import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { onTestFinished } from 'vitest'

/** Serves on this machine until the end of the test. Returns the address, without a path. */
export async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return `http://127.0.0.1:${address.port}`
}

/** The first byte that a request asks for. */
export function firstByte(request: IncomingMessage): number {
  return Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
}

/** Answers with a file from the byte on that was asked for; `until`: and then hangs up. */
export function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  file: Uint8Array,
  until = file.length,
): void {
  const from = firstByte(request)
  if (from >= file.length) {
    response.writeHead(416).end()
    return
  }
  const headers = { 'content-length': file.length - from }
  if (from > 0)
    response.writeHead(206, { ...headers, 'content-range': `bytes ${from}-${file.length - 1}/${file.length}` })
  else response.writeHead(200, headers)
  if (until >= file.length) response.end(file.subarray(from))
  else response.write(file.subarray(from, until), () => setTimeout(() => response.destroy(), 20))
}
