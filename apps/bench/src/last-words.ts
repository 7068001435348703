/**
 * Why a program ended, from what it wrote to stderr: what `lowbit-bench` says itself, or the error that stands behind or before a
 * stack, or else the last line. Nothing where it wrote nothing, or no more than warnings of Node.
 */
export function reasonIn(text: string): string | undefined {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !isWarning(line))
  const ours = lines.findLast((line) => line.startsWith(PREFIX))
  if (ours !== undefined) return ours.slice(PREFIX.length)
  return lines.findLast((line) => /^(\w*(Error|Exception)\b|FATAL ERROR:)/.test(line)) ?? lines.at(-1)
}

/** Before what `lowbit-bench` says, where it says it to a person. */
const PREFIX = 'lowbit-bench: '

/** `(node:1) ExperimentalWarning: …`, and the line behind it about how to see more. */
const isWarning = (line: string) => /^\(node:\d+\) |^\(Use `node --trace-/.test(line)
