// jstat comes without types: these are of what is used of it.
declare module 'jstat' {
  const jStat: {
    readonly studentt: {
      /** Quantile of Student's t distribution with `degrees` of freedom. */
      inv(probability: number, degrees: number): number
    }
  }
  export default jStat
}
