import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where this user's downloads are kept: `$XDG_CACHE_HOME/lowbit`, else what the platform has for caches. */
export function cacheFolder(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env
  if (XDG_CACHE_HOME) return join(XDG_CACHE_HOME, 'lowbit')
  if (process.platform === 'win32') return join(LOCALAPPDATA || join(homedir(), 'AppData', 'Local'), 'lowbit', 'cache')
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'lowbit')
  return join(homedir(), '.cache', 'lowbit')
}
