import { AntiphonError } from '../errors/index.js'

/** Vectors of one space, [count, dim] row by row; every row has unit length, so that dot products are cosines. */
export interface Vectors {
  readonly count: number
  readonly dim: number
  readonly data: Float32Array
}

const UNIT_TOLERANCE = 1e-3 // of a vector's length: half precision, or a file with few digits, is let through

/** Rows, each in an array of its own, as one block. */
export function stackVectors(rows: readonly Float32Array[]): Vectors {
  const dim = rows[0]?.length ?? 0
  const odd = rows.find((row) => row.length !== dim)
  if (odd) throw new AntiphonError('shape', `Vectors of ${dim} and of ${odd.length} numbers don't compare`)
  const data = new Float32Array(rows.length * dim)
  rows.forEach((row, i) => {
    data.set(row, i * dim)
  })
  return { count: rows.length, dim, data }
}

/** One row, without a copy. */
export function rowOf({ dim, data }: Vectors, row: number): Float32Array {
  return data.subarray(row * dim, (row + 1) * dim)
}

/**
 * Whether vectors can be compared.
 *
 * @param name for messages: "queries"
 * @throws AntiphonError `shape` where the length isn't count × dim, `failed` for a row that isn't of unit length (a
 *   number that is none makes it so).
 */
export function checkVectors(name: string, { count, dim, data }: Vectors): void {
  if (data.length !== count * dim)
    throw new AntiphonError(
      'shape',
      `${name}: ${data.length} numbers, expected ${count} vectors of ${dim} = ${count * dim}`,
    )
  for (let row = 0; row < count; row++) {
    let squares = 0
    for (let i = row * dim; i < (row + 1) * dim; i++) squares += data[i] * data[i]
    const length = Math.sqrt(squares)
    if (!(Math.abs(length - 1) <= UNIT_TOLERANCE))
      throw new AntiphonError(
        'failed',
        `${name}: vector ${row} has length ${length.toPrecision(5)}, expected 1`,
      )
  }
}

/** The same, of two sets that are to be compared with each other. */
export function checkSpaces(
  a: { name: string; vectors: Vectors },
  b: { name: string; vectors: Vectors },
): void {
  if (a.vectors.dim !== b.vectors.dim)
    throw new AntiphonError(
      'shape',
      `${a.name} have ${a.vectors.dim} dimensions and ${b.name} ${b.vectors.dim}; expected as many`,
    )
  for (const { name, vectors } of [a, b]) checkVectors(name, vectors)
}
