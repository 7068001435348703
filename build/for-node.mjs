// Run in a package's folder, after `tsc -b`: makes what its `exports` give to Node, a file for each entry and a few for what entries
// share. Node takes about half a millisecond to find a file, and calls most of these functions while it loads the first network:
// docs/decisions/0008-a-build-for-node.md has the figures.
import { readFileSync } from 'node:fs'
import { build } from 'rolldown'
import { eagerFunctions } from './eager-functions.mjs'

const folder = 'dist/node'
const { exports } = JSON.parse(readFileSync('package.json', 'utf8'))
const entries = Object.values(exports).filter(({ node }) => node)

await build({
  input: Object.fromEntries(entries.map(({ node, ...entry }) => [nameOf(node), entry['lowbit-source']])),
  external: /^@lowbit\//,
  platform: 'node',
  plugins: [eagerFunctions()],
  experimental: { nativeMagicString: true },
  output: {
    dir: folder,
    cleanDir: true,
    format: 'esm',
    sourcemap: true,
    // They are shipped beside it.
    sourcemapExcludeSources: true,
    chunkFileNames: '[name].js',
    codeSplitting: {
      groups: [
        // Apart, so that who only reads and writes files does not load the kernels.
        { name: 'shared-format', test: /[\\/]src[\\/]format[\\/]/, priority: 1 },
        { name: 'shared', minShareCount: 2 },
      ],
    },
  },
  logLevel: 'warn',
})

/** ./dist/node/format/index.js -> format/index */
function nameOf(path) {
  return path.slice(`./${folder}/`.length).replace(/\.js$/, '')
}
