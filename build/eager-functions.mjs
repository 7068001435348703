import { parseAst } from 'rolldown/parseAst'
import { Visitor } from 'rolldown/utils'

/**
 * Has V8 compile every function together with its file. Otherwise it reads each once to find its end, and again when it is first
 * called; what stands in parentheses it reads only once (https://v8.dev/blog/preparser#pife). Declarations become constants at the
 * head of the block that they stand in, so that all that calls them still comes after them; one that stands in no block is an
 * error. Methods stay as they are.
 *
 * @returns {import('rolldown').Plugin} for a bundle with `experimental.nativeMagicString`
 */
export function eagerFunctions() {
  return {
    name: 'eager-functions',
    renderChunk(code, _chunk, _options, { magicString }) {
      const blocks = []
      const methods = new Set()
      const enter = (block) => blocks.push(block)
      const leave = () => blocks.pop()
      const noteMethod = ({ value, kind, method }) => {
        if (method || kind !== 'init') methods.add(value)
      }
      const enclose = (node, before = '(') => {
        magicString.prependRight(node.start, before)
        magicString.appendLeft(node.end, ')')
      }
      new Visitor({
        Program: enter,
        'Program:exit': leave,
        BlockStatement: enter,
        'BlockStatement:exit': leave,
        SwitchStatement: enter,
        'SwitchStatement:exit': leave,
        StaticBlock: enter,
        'StaticBlock:exit': leave,
        MethodDefinition: noteMethod,
        Property: noteMethod,
        ArrowFunctionExpression: (node) => enclose(node),
        FunctionExpression(node) {
          if (!methods.has(node)) enclose(node)
        },
        FunctionDeclaration(node) {
          const { type, start } = blocks.at(-1)
          if (type !== 'Program' && type !== 'BlockStatement') throw new Error(`function ${node.id.name} in a ${type}`)
          enclose(node, `const ${node.id.name} = (`)
          magicString.appendLeft(node.end, ';\n')
          magicString.move(node.start, node.end, type === 'Program' ? 0 : start + 1)
        },
      }).visit(parseAst(code))
      return magicString
    },
  }
}
