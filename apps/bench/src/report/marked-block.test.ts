import { expect, it } from 'vitest'
import { markedBlock, withMarkedBlocks } from './marked-block.js'

const blocks = { table: 'new $& lines', overview: 'at a glance' }

it('replaces what stands between the markers and nothing else', () => {
  const text = `# Title\n\n${markedBlock('table', 'old\nlines')}\n\nThe end $& $1.\n`
  const replaced = withMarkedBlocks(text, blocks, 'README.md')
  expect(replaced).toBe(`# Title\n\n${markedBlock('table', 'new $& lines')}\n\nThe end $& $1.\n`)
  expect(withMarkedBlocks(replaced, blocks, 'README.md')).toBe(replaced)
})

it('fills whichever blocks there are, empty ones too', () => {
  const empty = '<!-- overview:begin -->\n<!-- overview:end -->\n'
  const filled = '<!-- overview:begin -->\nat a glance\n<!-- overview:end -->\n'
  expect(withMarkedBlocks(empty, blocks, 'README.md')).toBe(filled)
  expect(withMarkedBlocks(`${markedBlock('table', '')}\n${empty}`, blocks, 'README.md')).toBe(
    `${markedBlock('table', 'new $& lines')}\n${filled}`,
  )
})

it.each([
  ['no markers', 'table'],
  ['<!-- table:begin -->', 'table'],
  ['<!-- table:end --> <!-- table:begin -->', 'table'],
  [`${markedBlock('table', 'a')} ${markedBlock('table', 'b')}`, 'table'],
  [`${markedBlock('table', 'a')} <!-- overview:end -->`, 'overview'],
])('refuses %j, naming the file', (text, name) => {
  expect(() => withMarkedBlocks(text, blocks, 'README.md')).toThrow(
    `README.md: expected one line <!-- ${name}:begin --> and one line <!-- ${name}:end --> below it`,
  )
})
