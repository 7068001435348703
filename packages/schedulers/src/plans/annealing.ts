/** From one number to another along half a cosine: the first at step 0, the second at the last of `steps` steps. */
export function halfCosine([from, to]: readonly [from: number, to: number], step: number, steps: number): number {
  return to + ((from - to) * (1 + Math.cos(Math.PI * shareOfSteps(step, steps)))) / 2
}

/** 0 at the first of `steps` steps, 1 at the last. */
export function shareOfSteps(step: number, steps: number): number {
  return steps > 1 ? step / (steps - 1) : 0
}
