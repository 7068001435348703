/** What this package takes on. A file beyond them is refused before anything is allocated for it. */
export const limits = {
  /** Any single dimension, stride or padding. */
  dimension: 65_535,
  /** Elements of one value, of one image, or of one layer's weights. */
  elements: 1 << 26,
  /** Pixels of a window that the largest or the mean is taken of, the whole image's mean apart. */
  window: 4_096,
  nodes: 4_096,
  /** Length of a node's name. */
  name: 256,
  /** Characters of the graph's JSON. */
  graph: 1 << 24,
} as const

/** Elements of a value, of an image or of weights: 1 where there are no dimensions. */
export const elementsOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1)
