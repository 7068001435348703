import { expect, it } from 'vitest'
import { verifyCommand } from './verify.js'

it.each([
  [['--net', 'VGG'], '--net VGG: expected CNN6'],
  [['--bits', '9'], '--bits 9: expected numbers from 2 to 8'],
  [['--scales', 'row'], '--scales row: expected tensor, filter'],
  [['generated', '--net', 'ResNet-20'], '--net ResNet-20: expected --weights'],
])('verify %j says what was expected', async (args, message) => {
  await expect(verifyCommand().parseAsync(args, { from: 'user' })).rejects.toThrow(message)
})
