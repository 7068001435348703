import { expect, it } from 'vitest'
import { isBroken, type Verification } from './verification.js'
import { verificationTable } from './verification-table.js'

const exact: Verification = {
  ...{ network: 'CNN6', bits: 3, scales: 'filter', images: 10_000, differ: 0, largestDifference: 0 },
  ...{ sumBound: 2_103, sumSeen: 319, accuracy: 0.625, paths: ['relaxed', 'plain'], pathsThatDiffer: [] },
  ...{ file: 'a', logits: 'b' },
}

it('calls broken what differs although every sum is exact, or between kernels', () => {
  expect(isBroken(exact)).toBe(false)
  expect(isBroken({ ...exact, differ: 1 })).toBe(true)
  expect(isBroken({ ...exact, differ: 1, sumBound: 2 ** 24 })).toBe(false)
  expect(isBroken({ ...exact, pathsThatDiffer: ['plain'], sumBound: 2 ** 24 })).toBe(true)
})

it('tells what was found, and where sums may round', () => {
  const rounding = { ...exact, bits: 8, differ: 7, largestDifference: 1.5e-6, sumBound: 2 ** 25, onnxOtherClass: 3 }
  const [head, , first, second] = verificationTable([exact, rounding]).split('\n')
  const cells = (line: string | undefined) => line!.split('|').map((cell) => cell.trim())
  expect(cells(head)).toContain('another class in onnxruntime')
  expect(cells(first).slice(1, -1)).toEqual([
    'CNN6',
    '3',
    'a filter',
    '10,000',
    '0',
    '0',
    '319',
    '2,103',
    'the same',
    '62.50 %',
    '',
  ])
  expect(cells(second)).toEqual(expect.arrayContaining(['7', '0.0000015', '33,554,432 (2²⁴ or more)', '3']))
})
