import { createRequire } from 'node:module'
import { Command, CommanderError } from 'commander'
import { useFastestEngine } from './engine.js'
import { explain } from './explain.js'

useFastestEngine()
// tfjs reads the engine's features when it is loaded, so everything that imports it comes after the flags above. What a command
// computes with takes a second to load, so a command that is named is loaded alone; otherwise all, for the help or the default.
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  reproduce: async () => (await import('./commands/reproduce.js')).reproduceCommand(),
  speed: async () => (await import('./commands/speed.js')).speedCommand(),
  verify: async () => (await import('./commands/verify.js')).verifyCommand(),
  report: async () => (await import('./commands/report.js')).reportCommand(),
  run: async () => (await import('./commands/run.js')).runCommand(),
}
const [first = ''] = process.argv.slice(2).filter((argument) => argument !== '--debug')
const named = Object.hasOwn(COMMANDS, first) ? [first] : Object.keys(COMMANDS)

const { version } = createRequire(import.meta.url)('../package.json') as { version: string }
const program = new Command('lowbit-bench')
  .description('Experiments with low-bit networks: accuracies of quantization methods, speed, and exactness.')
  .version(version)
  .option('--debug', 'show stack traces', false)
  .addHelpText('after', '\nWithout a command: reproduce. Options of a command: lowbit-bench <command> --help.')
  .showHelpAfterError('(--help says what can be given)')
for (const name of named) program.addCommand(await COMMANDS[name]!(), { isDefault: name === 'reproduce' })
for (const command of [program, ...program.commands]) command.exitOverride()

try {
  await program.parseAsync()
} catch (error) {
  // commander has printed its own complaint, or the help or version that was asked for.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
  else {
    const { message, exitCode } = explain(error)
    process.stderr.write(`lowbit-bench: ${message}\n`)
    if (program.opts<{ debug: boolean }>().debug && error instanceof Error) process.stderr.write(`${error.stack}\n`)
    process.exitCode = exitCode
  }
}
