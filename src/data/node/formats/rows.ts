import type { WrongRow } from '../../pair.js'

/** A row of a table, whatever file it stands in. */
export interface Row {
  /** Where it begins, counted from 1; in a Parquet file the number of the row. */
  readonly line: number
  readonly values: Readonly<Record<string, unknown>>
}

/** The next rows of a file. */
export interface RowBlock {
  readonly file: string
  readonly rows: readonly Row[]
  readonly wrong: readonly WrongRow[]
}

export interface RowOptions {
  /** Columns that there must be. @default none */
  readonly required?: readonly string[]
  /** Columns that will be looked at; others need not be read. @default all */
  readonly wanted?: (column: string) => boolean
  readonly signal?: AbortSignal
}

/** Rows that are handed on together. */
export const ROWS_A_BLOCK = 4096

/** Bytes. No row of words about music is longer; what is, is a quote or a line that does not end. */
export const MAX_ROW_BYTES = 2 ** 20

export const LONG_LINE = `a line of more than ${MAX_ROW_BYTES} bytes`

/** Undefined for a row that is none, such as one whose JSON is a list. */
export function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined
}
