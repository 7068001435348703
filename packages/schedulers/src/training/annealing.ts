/** From one number to another along half a cosine: the first at step 0, the second at the last of `steps` steps. */
export function halfCosine([from, to]: readonly [from: number, to: number], step: number, steps: number): number {
  const share = steps > 1 ? step / (steps - 1) : 0
  return to + ((from - to) * (1 + Math.cos(Math.PI * share))) / 2
}
