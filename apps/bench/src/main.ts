import { Command, CommanderError } from 'commander'
import { useFastestEngine } from './engine.js'
import { explain } from './explain.js'

useFastestEngine()
// tfjs reads the engine's features when it is loaded, so everything that imports it comes after the flags above.
const { reproduceCommand } = await import('./commands/reproduce.js')
const { reportCommand } = await import('./commands/report.js')
const { runCommand } = await import('./commands/run.js')
const { speedCommand } = await import('./commands/speed.js')
const { verifyCommand } = await import('./commands/verify.js')

const program = new Command('lowbit-bench')
  .description('Experiments with low-bit networks: accuracies of quantization methods, speed, and exactness.')
  .option('--debug', 'show stack traces', false)
  .addCommand(reproduceCommand(), { isDefault: true })
  .addCommand(speedCommand())
  .addCommand(verifyCommand())
  .addCommand(reportCommand())
  .addCommand(runCommand())
  .addHelpText('after', '\nWithout a command: reproduce. Options of a command: lowbit-bench <command> --help.')
  .showHelpAfterError('(--help says what can be given)')
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
