import * as Plot from '@observablehq/plot'
import type { Claim } from './claims.js'
import { decoration } from './drawing.js'
import type { Markup } from './html.js'

/** One claim's mean, its interval, the border it is held against and, as a cross, the paper's mean. */
export function intervalFigure(claim: Claim, scale: readonly [number, number]): Markup {
  const { estimate, border, published, verdict } = claim
  const color = `var(--${VERDICT_COLORS[verdict]})`
  return decoration({
    width: 180,
    height: 22,
    margin: 0,
    axis: null,
    x: { domain: [...scale], inset: 8 },
    y: { domain: [-1, 1] },
    marks: [
      Plot.ruleX([border], { stroke: 'currentColor', strokeOpacity: 0.45 }),
      estimate.interval &&
        Plot.link([estimate.interval], { x1: '0', x2: '1', y1: 0, y2: 0, stroke: color, strokeWidth: 2 }),
      Plot.dot([estimate.mean], { x: (mean: number) => mean, y: 0, r: 4, fill: color, stroke: 'var(--paper)' }),
      published === undefined
        ? undefined
        : Plot.dot([published], { x: (mean: number) => mean, y: 0, r: 3.5, symbol: 'times', stroke: 'currentColor' }),
    ],
  })
}

/** Points to either side, so that equal values are not drawn as far apart. */
const MARGIN = 0.1

/** From the smallest to the largest of what stands in the figures of several claims, so that they can be compared. */
export function intervalScale(claims: readonly Claim[]): [number, number] {
  const values = claims.flatMap(({ estimate, border, published }) => [
    ...(estimate.interval ?? [estimate.mean]),
    border,
    ...(published === undefined ? [] : [published]),
  ])
  return [Math.min(...values) - MARGIN, Math.max(...values) + MARGIN]
}

const VERDICT_COLORS = { holds: 'holds', 'does not hold': 'fails', undecided: 'quiet' } as const
