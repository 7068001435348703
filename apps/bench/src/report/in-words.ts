import type { Row } from './experiments.js'

/** `2 bits, direct: 63.50 %; …`: a figure in words. */
export const inWords = (rows: readonly Row[], say: (row: Row) => string): string =>
  `${rows.map((row) => `${row.bits} bits, ${row.method}: ${say(row)}`).join('; ')}.`
