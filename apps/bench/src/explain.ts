import { BenchError } from './bench-error.js'

/** One line for a person, and the exit code: 2 where the command line was wrong, 1 for all else. */
export function explain(error: unknown): { message: string; exitCode: number } {
  const exitCode = error instanceof BenchError && error.code === 'USAGE' ? 2 : 1
  if (!(error instanceof Error)) return { message: String(error), exitCode }
  const known = systemError(error)
  return { message: known ?? firstLine(error.message), exitCode }
}

/** What an operating system's complaint means here, and what one can do. */
function systemError(error: Error & { code?: unknown; path?: unknown }): string | undefined {
  const place = typeof error.path === 'string' ? error.path : 'a file'
  switch (error.code) {
    case 'ENOSPC':
      return `${place}: no space left on the disk; make room and give the same command again, it goes on where it was`
    case 'EACCES':
    case 'EROFS':
      return `${place}: may not be read or written to; expected a file or a folder that is yours`
    case 'EISDIR':
      return `${place}: expected a file, but it is a folder`
    case 'ENOTDIR':
    case 'EEXIST':
      return `${place}: expected a folder, but a file is in the way`
    default:
      return undefined
  }
}

const firstLine = (message: string) => message.split('\n', 1)[0] ?? message
