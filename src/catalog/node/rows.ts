import type { Table } from 'apache-arrow'
import { AntiphonError } from '../../errors/index.js'
import type { EmbeddedContent } from '../store.js'
import type { Track } from '../track.js'
import { trackVector } from '../vector.js'
import { valuesOf, type Columns, type ColumnValues } from './arrow.js'

export const TRACKS: Columns = {
  trackId: 'text',
  path: 'text',
  content: 'text',
  size: 'number',
  modified: 'number',
  duration: 'number',
  title: 'text?',
  artist: 'text?',
  album: 'text?',
  genre: 'text?',
  year: 'integer?',
}
export const FAILURES: Columns = { path: 'text', size: 'number', modified: 'number', reason: 'text' }
export const MOMENTS: Columns = { content: 'text', start: 'number', end: 'number', vector: 'vector' }
/** Track vectors, with the number of moments that each stands for. */
export const WHOLES: Columns = { content: 'text', moments: 'number', vector: 'vector' }

/** Values by column, all of one length. */
export interface Rows {
  readonly length: number
  readonly values: Readonly<Record<string, ColumnValues>>
}

/** Objects by their keys; what an object does not have is null. */
export function rowsOf(columns: Columns, objects: readonly object[]): Rows {
  const values = Object.keys(columns).map((column): [string, (string | number | null)[]] => [
    column,
    objects.map((object) => (object as Record<string, string | number | undefined>)[column] ?? null),
  ])
  return { length: objects.length, values: Object.fromEntries(values) }
}

/** Rows of `MOMENTS`. */
export function momentRows(contents: readonly EmbeddedContent[], dim: number): Rows {
  const moments = contents.flatMap(({ content, moments }) =>
    moments.map((moment) => ({ content, ...moment })),
  )
  const values = {
    content: moments.map((moment) => moment.content),
    start: moments.map((moment) => moment.start),
    end: moments.map((moment) => moment.end),
    vector: matrixOf(
      moments.map((moment) => moment.vector),
      dim,
    ),
  }
  return { length: moments.length, values }
}

/** Rows of `WHOLES`. */
export function wholeRows(contents: readonly EmbeddedContent[], dim: number): Rows {
  const values = {
    content: contents.map(({ content }) => content),
    moments: contents.map(({ moments }) => moments.length),
    vector: matrixOf(
      contents.map(({ moments }) => trackVector(moments)),
      dim,
    ),
  }
  return { length: contents.length, values }
}

/** Tracks of rows of `TRACKS`. */
export function tracksOf(rows: Table): Track[] {
  const columns = Object.keys(TRACKS).map((name) => ({ name, values: valuesOf<unknown>(rows, name) }))
  return Array.from({ length: rows.numRows }, (_, i) => {
    const present = columns.filter(({ values }) => values[i] !== null)
    return Object.fromEntries(present.map(({ name, values }) => [name, values[i]])) as unknown as Track
  })
}

function matrixOf(vectors: readonly Float32Array[], dim: number): Float32Array {
  const matrix = new Float32Array(vectors.length * dim)
  vectors.forEach((vector, i) => {
    if (vector.length !== dim)
      throw new AntiphonError('failed', `A vector of ${vector.length} numbers for a store of ${dim}`)
    matrix.set(vector, i * dim)
  })
  return matrix
}
