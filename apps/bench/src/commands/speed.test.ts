import { expect, it } from 'vitest'
import { speedCommand } from './speed.js'

it.each([
  [['nothing'], 'speed nothing: expected train, kernels, networks, data, estimators'],
  [['data', '--filter', 'no such work'], '--filter no such work: expected a part of batch-plain'],
  [['--filter', 'no such work'], /; and \d+ more$/],
  [['data', '--rounds', '0'], '--rounds 0: expected numbers from 1 to 1000'],
  [['train', '--browser'], 'speed train: expected kernels, networks'],
  [['data', '--threads', 'many'], '--threads many: expected whole numbers'],
  [['data', '--threads', '1,2'], '--threads 1,2: expected one number'],
  [['data', '--rounds', '3..5'], '--rounds 3..5: expected one number'],
])('speed %j says what was expected', async (args, message) => {
  await expect(speedCommand().parseAsync(args, { from: 'user' })).rejects.toThrow(message)
})
