import { sha256 as sha256OfNoble } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'

/** As `sha256.ts`, where there is no node:crypto, and without a promise, as WebCrypto would have it. */
export function sha256(parts: readonly Uint8Array[]): string {
  const hash = sha256OfNoble.create()
  for (const part of parts) hash.update(part)
  return bytesToHex(hash.digest())
}
