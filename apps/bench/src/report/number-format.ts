/** Two decimals, a true minus sign, and no sign on what rounds to zero. */
export function formatPoints(value: number, decimals = 2): string {
  const text = value.toFixed(decimals)
  return Number(text) === 0 ? (0).toFixed(decimals) : text.replace('-', '−')
}

/** `+1.20`, `−0.35`, `0.00`. */
export function formatDifference(value: number, decimals = 2): string {
  const text = formatPoints(value, decimals)
  return text.startsWith('−') || Number(text) === 0 ? text : `+${text}`
}

/** `0.031`, `< 0.001`. */
export function formatPValue(p: number): string {
  return p < 0.001 ? '< 0.001' : p.toFixed(3)
}

/** `28 800`: thousands apart by a thin no-break space. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, '\u202f')
}

/** `1..3,7`: whole numbers as the command line takes them, in rising order. */
export function formatNumberList(numbers: readonly number[]): string {
  const parts: [from: number, to: number][] = []
  for (const number of [...new Set(numbers)].sort((a, b) => a - b)) {
    const last = parts.at(-1)
    if (last && last[1] === number - 1) last[1] = number
    else parts.push([number, number])
  }
  return parts
    .map(([from, to]) => (from === to ? `${from}` : to === from + 1 ? `${from},${to}` : `${from}..${to}`))
    .join(',')
}
