import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { reasonOf } from '../../../audio/node.js'
import { AntiphonError } from '../../../errors/index.js'
import type { WrongRow } from '../../pair.js'
import { LONG_LINE, MAX_ROW_BYTES, ROWS_A_BLOCK, type Row, type RowBlock } from './rows.js'

/** Bytes read at once. The pairs of more would outlive the young generation of the heap: twice the time and memory. */
const CHUNK = 2 ** 16

/** The rows found in some bytes. */
export interface Cut {
  readonly rows: readonly Row[]
  readonly wrong: readonly { readonly line: number; readonly reason: string }[]
  /** Bytes that were made rows of, or found wrong; the others come again, with more behind them. */
  readonly taken: number
  /** Lines that ended in these. */
  readonly lines: number
}

/**
 * Bytes from the start of a row to the end of a line, the first of them in this `line`; where they are the `last` ones, a row
 * that doesn't end in them never does. Rows must not keep views of the bytes.
 */
export type Cutter = (bytes: Buffer, line: number, last: boolean) => Cut

/**
 * Reads a text file by lines, as many at a time as a piece of the file holds, so that its size doesn't matter; one whose name
 * ends in `.gz` is unpacked on the way. A line without end is told and passed by; where the file can't be read further, that
 * is told with the line.
 * @throws AntiphonError `usage` for a file that can't be opened or is UTF-16, `interrupted`
 */
export async function* readThrough(
  file: string,
  cut: Cutter,
  signal?: AbortSignal,
): AsyncGenerator<RowBlock, void, void> {
  let rest: Buffer = Buffer.alloc(0)
  let line = 1
  let skipping = false
  const take = (bytes: Buffer, last: boolean): RowBlock | undefined => {
    const wrong: WrongRow[] = []
    if (skipping) {
      const newline = bytes.indexOf(10)
      rest = Buffer.alloc(0)
      if (newline < 0) return undefined
      skipping = false
      line++
      bytes = bytes.subarray(newline + 1)
    }
    const whole = last ? bytes : bytes.subarray(0, bytes.lastIndexOf(10) + 1)
    // What waits for its end behind a line without end has waited enough.
    const isAll = last || bytes.length > 2 * MAX_ROW_BYTES
    const { rows, wrong: found, taken, lines } = cut(whole, line, isAll)
    line += lines
    wrong.push(...found.map((row) => ({ file, ...row })))
    rest = bytes.subarray(taken)
    if (!last && taken === whole.length && rest.length > MAX_ROW_BYTES) {
      wrong.push({ file, line, reason: LONG_LINE })
      rest = Buffer.alloc(0)
      skipping = true
    }
    return { file, rows, wrong }
  }

  try {
    for await (const chunk of textChunks(file, signal)) {
      const block = take(rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk, false)
      if (block) yield* parts(block)
    }
  } catch (error) {
    if (!(error instanceof BreaksOff)) throw error
    const reason = `the file can't be read further: ${error.message}`
    yield { file, rows: [], wrong: [{ file, line, reason }] }
    return
  }
  const block = take(rest, true)
  if (block) yield* parts(block)
}

/** A block in parts of a size: bytes that waited long for the end of a row hold many rows. */
function* parts({ file, rows, wrong }: RowBlock): Generator<RowBlock> {
  let from = 0
  for (; rows.length - from > ROWS_A_BLOCK; from += ROWS_A_BLOCK) {
    const [first, next] = [rows[from].line, rows[from + ROWS_A_BLOCK].line]
    const told = wrong.filter(({ line }) => line < next && (line >= first || from === 0))
    yield { file, rows: rows.slice(from, from + ROWS_A_BLOCK), wrong: told }
  }
  const last = rows[from]?.line ?? 0
  yield { file, rows: rows.slice(from), wrong: from === 0 ? wrong : wrong.filter(({ line }) => line >= last) }
}

/** A file that can't be read to its end. */
export class BreaksOff extends Error {}

/**
 * The bytes of a text file, piece by piece, unpacked where its name says `.gz`, without a byte order mark.
 * @throws BreaksOff; AntiphonError `usage`, `interrupted`
 */
export async function* textChunks(file: string, signal?: AbortSignal): AsyncGenerator<Buffer, void, void> {
  const source = createReadStream(file, { highWaterMark: CHUNK })
  const stream = file.toLowerCase().endsWith('.gz')
    ? pipeline(source, createGunzip({ chunkSize: CHUNK }), () => {}) // errors come to the reader below
    : source
  let first = true
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      if (signal?.aborted) throw new AntiphonError('interrupted', 'Interrupted', { cause: signal.reason })
      if (first && /^(\xff\xfe|\xfe\xff)/.test(chunk.toString('latin1', 0, 2)))
        throw new AntiphonError('usage', `${file} is UTF-16: save it as UTF-8`)
      yield first && chunk.toString('latin1', 0, 3) === '\xef\xbb\xbf' ? chunk.subarray(3) : chunk
      first = false
    }
  } catch (error) {
    if (error instanceof AntiphonError) throw error
    const { syscall } = error as NodeJS.ErrnoException
    if (first && syscall === 'open')
      throw new AntiphonError('usage', `Cannot read ${file}: ${reasonOf(error)}`, { cause: error })
    throw new BreaksOff(reasonOf(error), { cause: error })
  } finally {
    source.destroy()
  }
}

/** @throws AntiphonError `usage` naming the columns that are missing, and those that are there */
export function assertColumns(file: string, required: readonly string[], columns: readonly string[]): void {
  const missing = required.filter((name) => !columns.includes(name))
  if (missing.length === 0) return
  const found = columns.slice(0, 20).map((name) => JSON.stringify(name.slice(0, 40)))
  throw new AntiphonError(
    'usage',
    `${file} has no ${missing.length > 1 ? 'columns' : 'column'} ${missing.join(', ')} (found ${found.join(', ')}${columns.length > 20 ? ', …' : ''})`,
  )
}
