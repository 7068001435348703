import { SafetensorsError } from './error.js'

/** The longest header that is read or written, in bytes: the limit of the reference implementation. */
export const longestHeader = 100_000_000

/**
 * Bytes of the header -> its entries, in the order of `JSON.parse`. Refuses what is not UTF-8, not one JSON object that starts
 * at the first byte, or names a key twice in any object (`JSON.parse` would silently keep the last), and what the engine misreads.
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
  checkKeys(text, header)
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

/**
 * Refuses what names a key twice in one object, and keys that are not in what was parsed: V8 makes a backslash of those that are one
 * escaped character, such as "\n" (seen in 13.6 and 14.6).
 * @param json valid
 * @param parsed what `JSON.parse` made of it
 */
function checkKeys(json: string, parsed: unknown): void {
  const open: { readonly object: unknown; readonly keys: Set<string>; last: string }[] = []
  let lastString: [start: number, end: number] = [0, 0]
  for (let i = 0; i < json.length; i++) {
    const c = json.charCodeAt(i)
    if (c === quote) {
      const start = i++
      while (json.charCodeAt(i) !== quote) i += json.charCodeAt(i) === backslash ? 2 : 1
      lastString = [start, i + 1]
    } else if (c === openBrace) {
      const outer = open.at(-1)
      open.push({ object: outer ? memberOf(outer.object, outer.last) : parsed, keys: new Set(), last: '' })
    } else if (c === closeBrace) open.pop()
    else if (c === colon) {
      const { object, keys } = open.at(-1)!
      const key: string = JSON.parse(json.slice(...lastString))
      if (keys.has(key)) {
        throw new SafetensorsError('HEADER', `readSafetensors() header names ${JSON.stringify(key)} twice`)
      }
      if (object !== undefined && !Object.hasOwn(object as object, key)) {
        throw new SafetensorsError('HEADER', `readSafetensors() this engine misreads the name ${JSON.stringify(key)}`)
      }
      keys.add(key)
      open.at(-1)!.last = key
    }
  }
}

/** Of an object in an object; undefined where an array lies between. */
function memberOf(object: unknown, key: string): unknown {
  const member = (object as Record<string, unknown> | undefined)?.[key]
  return Array.isArray(member) ? undefined : member
}
