/**
 * Waits until all threads have come to the end of a phase. It is sent to helpers as text: it may use nothing from outside.
 * @param counters place 1 counts arrivals, of all threads and phases
 * @param expected arrivals when all have come
 * @param maySleep a page's own thread must not
 */
export function meet(counters: Int32Array, expected: number, maySleep: boolean): void {
  const last = ((Atomics.add(counters, 1, 1) + 1 - expected) | 0) >= 0
  if (last) Atomics.notify(counters, 1)
  // Others are mostly as fast; one that has lost its processor gets it sooner if this one sleeps.
  for (let tries = 0; !last; tries++) {
    const arrived = Atomics.load(counters, 1)
    if (((arrived - expected) | 0) >= 0) return
    if (maySleep && tries > 5_000) Atomics.wait(counters, 1, arrived)
  }
}
