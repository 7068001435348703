/** Numbers in [0, 1), one for each whole number, spread evenly and without a pattern that a processor could learn. */
export const scatteredValue = (index: number): number => (index * 0.618034) % 1
