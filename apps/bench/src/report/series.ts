import type { SymbolType } from '@observablehq/plot'
import { METHODS } from '../experiment/run-specification.js'

/** How a method is drawn: by colour, by symbol and by dashes, so that none is needed to tell it. */
export interface Series {
  /** A custom property of the page, which has another value in the dark. */
  readonly color: string
  readonly symbol: SymbolType
  /** As SVG's stroke-dasharray; `none` is a whole line. */
  readonly dash: string
}

/** One fewer than colours, so that methods beyond these have a pair of their own too. */
const LOOKS: readonly Omit<Series, 'color'>[] = [
  { symbol: 'circle', dash: '7 3' },
  { symbol: 'square', dash: '2 3' },
  { symbol: 'triangle', dash: '8 3 2 3' },
  { symbol: 'diamond', dash: 'none' },
  { symbol: 'star', dash: '4 2' },
  { symbol: 'wye', dash: '12 3' },
  { symbol: 'cross', dash: '1 2' },
]

/** Colours of the series in the light and in the dark, each with a contrast above 4.5 to the page. */
export const SERIES_COLORS: readonly { readonly light: string; readonly dark: string }[] = [
  { light: '#b04a00', dark: '#ff9d5c' },
  { light: '#4a7300', dark: '#a9d161' },
  { light: '#8449a6', dark: '#cfa4ea' },
  { light: '#0a5ea8', dark: '#6cb6ff' },
  { light: '#a8174f', dark: '#ff8fb5' },
  { light: '#0b6e66', dark: '#5fd0c5' },
  { light: '#76600a', dark: '#e0c25a' },
  { light: '#5b5b5b', dark: '#b9b9b9' },
]

/** How each of these methods is drawn, no two alike: every method has its own look, one with settings a free one. */
export function seriesAmong(methods: readonly string[]): (method: string) => Series {
  const known: readonly string[] = METHODS
  const changed = methods.filter((method) => !known.includes(method))
  const all = [...known, ...changed]
  return (method) => {
    const index = Math.max(0, all.indexOf(method))
    return { color: `var(--series-${index % SERIES_COLORS.length})`, ...LOOKS[index % LOOKS.length]! }
  }
}
