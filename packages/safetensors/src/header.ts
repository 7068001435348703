import { SafetensorsError } from './error.js'

/** The longest header that is read or written, in bytes: the limit of the reference implementation. */
export const longestHeader = 100_000_000

/**
 * Bytes of the header -> its entries, in the order of `JSON.parse`. Refuses what is not UTF-8, not one JSON object that starts
 * at the first byte, or names a key twice in any object (`JSON.parse` would silently keep the last).
 */
export function parseHeader(bytes: Uint8Array): [name: string, value: unknown][] {
  const text = decode(bytes)
  if (!text.startsWith('{')) {
    throw new SafetensorsError(
      'HEADER',
      `readSafetensors() header starts with ${JSON.stringify(text.slice(0, 1))}, not "{"`,
    )
  }
  let header: unknown
  try {
    header = JSON.parse(text)
  } catch (cause) {
    throw new SafetensorsError('HEADER', 'readSafetensors() header is not JSON', { cause })
  }
  const twice = repeatedKey(text)
  if (twice !== undefined) {
    throw new SafetensorsError('HEADER', `readSafetensors() header names ${JSON.stringify(twice)} twice`)
  }
  // The text starts with a brace and is JSON, so this is an object; Object.entries sees an own `__proto__` like any other key.
  return Object.entries(header as object)
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new SafetensorsError('HEADER', 'readSafetensors() header is not UTF-8', { cause })
  }
}

const quote = 0x22
const backslash = 0x5c
const openBrace = 0x7b
const closeBrace = 0x7d
const colon = 0x3a

/** The first key that an object in `json` (valid JSON) holds twice. */
function repeatedKey(json: string): string | undefined {
  const open: Set<string>[] = []
  let lastString: [start: number, end: number] = [0, 0]
  for (let i = 0; i < json.length; i++) {
    const c = json.charCodeAt(i)
    if (c === quote) {
      const start = i++
      while (json.charCodeAt(i) !== quote) i += json.charCodeAt(i) === backslash ? 2 : 1
      lastString = [start, i + 1]
    } else if (c === openBrace) open.push(new Set())
    else if (c === closeBrace) open.pop()
    else if (c === colon) {
      const key: string = JSON.parse(json.slice(...lastString))
      const keys = open.at(-1)
      if (keys?.has(key)) return key
      keys?.add(key)
    }
  }
  return undefined
}
