/** Where the largest value stands: the first one where several are equal. The class that logits name. */
export function indexOfLargest(values: Float32Array): number {
  let best = 0
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i
  return best
}
