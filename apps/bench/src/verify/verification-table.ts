import { markdownTable } from 'markdown-table'
import { EXACT_SUMS, type Verification } from './verification.js'

/** A row for each network, as Markdown. */
export function verificationTable(verifications: readonly Verification[]): string {
  const witnessed = verifications.some(({ onnxOtherClass }) => onnxOtherClass !== undefined)
  const head = ['network', 'bits', 'scales', 'images', 'other bits', 'largest difference', 'largest sum', 'its bound']
  return markdownTable(
    [
      [...head, 'other paths', 'accuracy', ...(witnessed ? ['another class in onnxruntime'] : [])],
      ...verifications.map((one) => [
        one.network,
        String(one.bits),
        `a ${one.scales}`,
        count(one.images),
        count(one.differ),
        one.largestDifference === 0 ? '0' : one.largestDifference.toPrecision(2),
        count(one.sumSeen),
        `${count(one.sumBound)}${one.sumBound < EXACT_SUMS ? '' : ' (2²⁴ or more)'}`,
        one.pathsThatDiffer.length === 0 ? 'the same' : `${one.pathsThatDiffer.join(', ')} differ`,
        `${(100 * one.accuracy).toFixed(2)} %`,
        ...(witnessed ? [one.onnxOtherClass === undefined ? '' : count(one.onnxOtherClass)] : []),
      ]),
    ],
    { align: [...'lrlrrrrrlrr'].slice(0, head.length + 2 + Number(witnessed)) },
  )
}

const count = (value: number) => value.toLocaleString('en')
