/** What this package takes on. A file beyond them is refused before anything is allocated for it. */
export const limits = {
  /** Any single dimension, stride or padding. */
  dimension: 65_535,
  /** Elements of one value, of one image. */
  elements: 1 << 26,
  nodes: 4_096,
  /** Length of a node's name. */
  name: 256,
  /** Characters of the graph's JSON. */
  graph: 1 << 24,
} as const
