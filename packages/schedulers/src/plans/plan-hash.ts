import type { Plan } from './plan.js'

/**
 * Name of a plan's content, 16 hexadecimal digits: FNV-1a (64 bits) over its JSON with sorted keys. Tells plans apart,
 * protects against nothing.
 */
export function planHash(plan: Plan): string {
  let hash = 0xcbf29ce484222325n
  for (const byte of new TextEncoder().encode(JSON.stringify(plan, sortedKeys))) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
  }
  return hash.toString(16).padStart(16, '0')
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
}
