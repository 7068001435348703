import { BenchError } from '../bench-error.js'

/** What a document has between `<!-- name:begin -->` and `<!-- name:end -->`: everything, or the accuracies at a glance. */
export type Blocks = Readonly<Record<'table' | 'overview', string>>

/**
 * `text` with the blocks between their markers, wherever it has such; what stands outside of them stays as it is.
 * Errors: `RESULTS`, naming `path`, where it has no markers, or only one of a pair, or a pair twice.
 */
export function withMarkedBlocks(text: string, blocks: Blocks, path: string): string {
  const names = (['table', 'overview'] as const).filter((name) =>
    markersOf(name).some((marker) => text.includes(marker)),
  )
  if (names.length === 0) throw misplaced(path, 'table')
  return names.reduce((written, name) => withMarkedBlock(written, name, blocks[name], path), text)
}

/** A block with its markers, as it stands alone in a new file. */
export function markedBlock(name: keyof Blocks, block: string): string {
  const [begin, end] = markersOf(name)
  return `${begin}\n${block}\n${end}`
}

function withMarkedBlock(text: string, name: keyof Blocks, block: string, path: string): string {
  const [begin, end] = markersOf(name)
  const from = text.indexOf(begin)
  const to = text.indexOf(end)
  if (from < 0 || to < from || text.indexOf(begin, from + 1) >= 0 || text.indexOf(end, to + 1) >= 0)
    throw misplaced(path, name)
  return `${text.slice(0, from)}${markedBlock(name, block)}${text.slice(to + end.length)}`
}

const markersOf = (name: keyof Blocks) => [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`] as const

function misplaced(path: string, name: keyof Blocks): BenchError {
  const [begin, end] = markersOf(name)
  return new BenchError('RESULTS', `${path}: expected one line ${begin} and one line ${end} below it`)
}
