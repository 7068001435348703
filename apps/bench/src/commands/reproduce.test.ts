import { expect, it } from 'vitest'
import { reproduceCommand } from './reproduce.js'

it.each([
  [['generated', '--bits', '9'], '--bits 9: expected numbers from 2 to 8'],
  [['generated', '--activation-bits', '1'], '--activation-bits 1: expected numbers from 2 to 8'],
  [['generated', '--net', 'VGG'], '--net VGG: expected CNN6, CNN7'],
  [['generated', '--method', 'magic'], '--method magic: expected direct, layer, filter, neuron'],
  [['mnist'], 'data mnist: expected auto, cifar10, generated'],
  [['--seeds', '1..1e9'], '--seeds 1..1e9: expected whole numbers'],
  [['--seeds', 'x'], '--seeds x: expected whole numbers'],
  [['--epochs', '0'], '--epochs 0: expected a number above 0'],
  [['--epochs', '1e5'], '--epochs 1e5: expected at most 10000'],
  [['--float-epochs', '0.5'], '--float-epochs 0.5: expected whole numbers'],
  [['--batch', '0'], '--batch 0: expected numbers from 1 to 1000'],
  [['--method', 'incremental', '--set', 'fractions=0.5+0.2'], 'fractions are [0.5,0.2]; expected them to'],
  [['--profile', 'slow'], 'Allowed choices are smoke, quick, table, paper'],
  [['generated', '--whole-epochs', '8'], '--whole-epochs: expected --budget stage'],
])('reproduce %j says what was expected', async (args, message) => {
  const command = reproduceCommand()
    .exitOverride()
    .configureOutput({ writeErr() {} })
  await expect(command.parseAsync(args, { from: 'user' })).rejects.toThrow(message)
})
