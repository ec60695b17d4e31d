/** Counts of a sparse matrix, row by row: those of row r are `start[r]` to `start[r + 1]`, columns in ascending order. */
export interface SparseRows {
  readonly start: Uint32Array
  readonly index: Uint32Array
  readonly value: Uint32Array
}

const MAX_COUNT = 0xffff_ffff

/** Entries in any order, gathered by row; in a row they keep their order. */
export function gather(
  { rows, columns, values }: { rows: Uint32Array; columns: Uint32Array; values: Uint32Array },
  rowCount: number,
): SparseRows {
  const start = startsOf(rows, rowCount)
  const next = start.slice(0, rowCount)
  const index = new Uint32Array(rows.length)
  const value = new Uint32Array(rows.length)
  for (let i = 0; i < rows.length; i++) {
    const at = next[rows[i]]++
    index[at] = columns[i]
    value[at] = values[i]
  }
  return { start, index, value }
}

/** Rows become columns; what was in ascending order of rows is so in each new one. */
export function transpose({ start, index, value }: SparseRows, columnCount: number): SparseRows {
  const turned = startsOf(index, columnCount)
  const next = turned.slice(0, columnCount)
  const rows = new Uint32Array(index.length)
  const values = new Uint32Array(index.length)
  for (let row = 0; row < start.length - 1; row++)
    for (let i = start[row]; i < start[row + 1]; i++) {
      const at = next[index[i]]++
      rows[at] = row
      values[at] = value[i]
    }
  return { start: turned, index: rows, value: values }
}

/** Entries of the same row and column, which stand side by side, added up. */
export function addUp({ start, index, value }: SparseRows): SparseRows {
  const starts = new Uint32Array(start.length)
  const columns = index.slice()
  const values = value.slice()
  let to = 0
  for (let row = 0; row < start.length - 1; row++) {
    starts[row] = to
    for (let i = start[row]; i < start[row + 1]; i++)
      if (to > starts[row] && columns[to - 1] === index[i])
        values[to - 1] = Math.min(MAX_COUNT, values[to - 1] + value[i])
      else {
        columns[to] = index[i]
        values[to++] = value[i]
      }
  }
  starts[start.length - 1] = to
  return to === index.length
    ? { start, index, value }
    : { start: starts, index: columns.slice(0, to), value: values.slice(0, to) }
}

function startsOf(keys: Uint32Array, count: number): Uint32Array {
  const start = new Uint32Array(count + 1)
  for (const key of keys) start[key + 1]++
  for (let i = 0; i < count; i++) start[i + 1] += start[i]
  return start
}
