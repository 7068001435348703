/** What random numbers are drawn for. Each purpose has streams of its own, so that none disturbs another. */
export const streams = { shuffle: 1, augment: 2, holdOut: 3, generate: 4 } as const
