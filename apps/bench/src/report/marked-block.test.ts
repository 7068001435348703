import { expect, it } from 'vitest'
import { markedBlock, withMarkedBlock } from './marked-block.js'

it('replaces what stands between the markers and nothing else', () => {
  const text = `# Title\n\n${markedBlock('old\nlines')}\n\nThe end $& $1.\n`
  const replaced = withMarkedBlock(text, 'new $& lines', 'README.md')
  expect(replaced).toBe(`# Title\n\n${markedBlock('new $& lines')}\n\nThe end $& $1.\n`)
  expect(withMarkedBlock(replaced, 'new $& lines', 'README.md')).toBe(replaced)
})

it('fills an empty block', () => {
  const empty = '<!-- table:begin -->\n<!-- table:end -->\n'
  expect(withMarkedBlock(empty, '| a |', 'README.md')).toBe('<!-- table:begin -->\n| a |\n<!-- table:end -->\n')
})

it.each([
  'no markers',
  '<!-- table:begin -->',
  '<!-- table:end --> <!-- table:begin -->',
  `${markedBlock('a')} ${markedBlock('b')}`,
])('refuses %j, naming the file', (text) => {
  expect(() => withMarkedBlock(text, 'x', 'README.md')).toThrow(/^README\.md: expected one line <!-- table:begin -->/)
})
