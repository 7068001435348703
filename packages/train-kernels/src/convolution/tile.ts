/** Outputs computed together: rows x columns pixels, each with `vectors` of four channels. Their sums stay in registers. */
export interface Tile {
  readonly rows: number
  readonly columns: number
  readonly vectors: number
}

/** A run of equal panels of a packed filter: `vectors` of four outputs wide, the last with `lanes` outputs in use. */
export interface Panels {
  readonly count: number
  readonly vectors: number
  readonly lanes: number
}

/** Vector registers that V8 leaves to a function on x64; one more is its scratch. */
const registers = 15

/**
 * V8 up to Node 22 loads all inputs of a step before its first multiply-add, so that each needs a register of its own; later
 * ones load an input where it is used. An engine that has Float16Array is a later one. Sums have the same bits in any tile.
 */
export const loadsAllFirst = !('Float16Array' in globalThis)

/** Outputs in panels of `vectors`, and a last one for what remains. */
export function panelsOf(outputs: number, vectors: number): Panels[] {
  const full = Math.floor(outputs / 4)
  const whole = Math.floor(full / vectors)
  const last = full - whole * vectors + (outputs % 4 > 0 ? 1 : 0)
  return [
    ...(whole > 0 ? [{ count: whole, vectors, lanes: 4 }] : []),
    ...(last > 0 ? [{ count: 1, vectors: last, lanes: outputs % 4 || 4 }] : []),
  ]
}

/** The tile that covers rows x columns x outputs in the fewest cycles, by a count of multiply-adds, loads and waiting. */
export function bestTile(rows: number, columns: number, outputs: number): Tile {
  let best: Tile & { cycles: number } = { rows: 1, columns: 1, vectors: 1, cycles: Number.POSITIVE_INFINITY }
  for (const vectors of [4, 3, 2, 1])
    for (const tileRows of [1, 2])
      for (let tileColumns = 1; tileColumns <= 12; tileColumns++) {
        const pixels = tileRows * tileColumns
        const needed = pixels * vectors + vectors + (loadsAllFirst ? pixels : 1)
        if (needed > registers || tileRows > rows || tileColumns > columns) continue
        const cycles = cyclesFor({ rows: tileRows, columns: tileColumns, vectors }, rows, columns, outputs)
        if (cycles < best.cycles) best = { rows: tileRows, columns: tileColumns, vectors, cycles }
      }
  return { rows: best.rows, columns: best.columns, vectors: best.vectors }
}

/** Cycles for one step of depth over all outputs. */
function cyclesFor(tile: Tile, rows: number, columns: number, outputs: number): number {
  let cycles = 0
  for (const [rowCount, tileRows] of split(rows, tile.rows))
    for (const [columnCount, tileColumns] of split(columns, tile.columns))
      for (const panel of panelsOf(outputs, tile.vectors)) {
        cycles += rowCount * columnCount * panel.count * cyclesOfStep(tileRows * tileColumns, panel.vectors)
      }
  return cycles
}

/**
 * Cycles for one step of depth of a tile, fitted to measurements on Cascade Lake: two multiply-adds a cycle, each waiting four
 * cycles for the one before it on the same sum, and about four instructions a cycle. Every load is one; V8 computes the address of
 * every scalar by another one.
 */
function cyclesOfStep(pixels: number, vectors: number): number {
  const sums = pixels * vectors
  return 0.3 + Math.max(4, sums / 2, 0.28 * (sums + 2 * pixels + vectors))
}

/** A length as [how many, how long]: whole blocks, then what remains. */
function split(length: number, block: number): [count: number, size: number][] {
  const whole: [number, number] = [Math.floor(length / block), block]
  return length % block > 0 ? [whole, [1, length % block]] : [whole]
}
