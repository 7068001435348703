import { BenchError } from '../bench-error.js'

const BEGIN = '<!-- table:begin -->'
const END = '<!-- table:end -->'

/** `text` with `block` between its markers; what stands outside them stays as it is. Errors: `RESULTS`, naming `path`. */
export function withMarkedBlock(text: string, block: string, path: string): string {
  const begin = text.indexOf(BEGIN)
  const end = text.indexOf(END)
  if (begin < 0 || end < begin || text.indexOf(BEGIN, begin + 1) >= 0 || text.indexOf(END, end + 1) >= 0)
    throw new BenchError('RESULTS', `${path}: expected one line ${BEGIN} and one line ${END} below it`)
  return `${text.slice(0, begin)}${markedBlock(block)}${text.slice(end + END.length)}`
}

/** A block with its markers, as it stands alone in a new file. */
export const markedBlock = (block: string) => `${BEGIN}\n${block}\n${END}`
