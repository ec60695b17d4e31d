import { isUtf8 } from 'node:buffer'
import { AntiphonError } from '../../../errors/index.js'
import { assertColumns, readThrough, type Cut } from './read-through.js'
import { LONG_LINE, MAX_ROW_BYTES, type Row, type RowBlock, type RowOptions } from './rows.js'

const QUOTE = 0x22
const NEWLINE = 10
const RETURN = 13

export interface DelimitedOptions extends RowOptions {
  /** One character of ASCII. @default a comma */
  readonly delimiter?: string
  /** Whether a field may stand in quotes, as RFC 4180 has it. @default true */
  readonly quoted?: boolean
  /** Lines of names above the columns, as pandas writes columns of several levels; they are joined by a slash. @default 1 */
  readonly headerRows?: number
  /** Whether the last column takes all further fields of a row, delimiters among them. @default false */
  readonly openEnd?: boolean
}

/**
 * The rows of a CSV or TSV file (RFC 4180: fields in double quotes may hold delimiters, lines and doubled quotes; a quote
 * inside an unquoted field is a character). The first rows name the columns; empty lines are none. A row that can't be taken is
 * told at the line where it begins, and reading goes on in the line behind that: a quote that is never closed costs its own
 * line. csv-parse can't do that: it ends at such a quote, or takes all that follows for one field.
 * @throws AntiphonError `usage`, `interrupted`
 */
export async function* readDelimited(
  file: string,
  {
    delimiter = ',',
    quoted = true,
    headerRows = 1,
    openEnd = false,
    required = [],
    signal,
  }: DelimitedOptions = {},
): AsyncGenerator<RowBlock, void, void> {
  const code = delimiter.charCodeAt(0)
  const headers: string[][] = []
  let columns: string[] | undefined

  const rowOf = (fields: string[], line: number): Row | string | undefined => {
    if (!columns) {
      headers.push(fields)
      if (headers.length < headerRows) return undefined
      columns = columnNames(headers)
      assertColumns(file, required, columns)
      return undefined
    }
    const { length } = columns
    if (openEnd && fields.length > length) fields.push(fields.splice(length - 1).join(delimiter))
    if (fields.length !== length)
      return `${fields.length} ${fields.length === 1 ? 'field' : 'fields'}, expected ${length}`
    const values: Record<string, string> = {}
    for (let i = 0; i < length; i++) values[columns[i]] = fields[i]
    return { line, values }
  }

  const cut = (bytes: Buffer, firstLine: number, last: boolean): Cut => {
    const rows: Row[] = []
    const wrong: { line: number; reason: string }[] = []
    const sound = isUtf8(bytes) && !bytes.includes(0)
    let line = firstLine
    let quote = quoted ? bytes.indexOf(QUOTE) : -1
    let at = 0
    while (at < bytes.length) {
      let lineEnd = bytes.indexOf(NEWLINE, at)
      if (lineEnd < 0) lineEnd = bytes.length
      if (quote >= 0 && quote < at) quote = bytes.indexOf(QUOTE, at)
      const hasQuote = quote >= 0 && quote < lineEnd
      const record = hasQuote ? quotedRecord(bytes, at, code) : undefined
      // Its end may come with the next bytes.
      if (record?.unclosed && !last && bytes.length - at <= MAX_ROW_BYTES) break
      const end = record?.end ?? lineEnd
      const reason =
        record?.reason ??
        (end - at > MAX_ROW_BYTES ? LONG_LINE : undefined) ??
        (sound ? undefined : byteProblem(bytes.subarray(at, Math.max(end, lineEnd))))
      let found: Row | string | undefined = reason
      if (reason === undefined && (record || end > at + (bytes[end - 1] === RETURN ? 1 : 0)))
        found = rowOf(record?.fields ?? plainFields(bytes, at, end, delimiter), line)
      if (typeof found === 'object') rows.push(found)
      const isWrong = typeof found === 'string'
      if (isWrong) wrong.push({ line, reason: found as string })
      // A wrong row is one line: what a stray quote took for a field may be rows.
      at = (isWrong ? lineEnd : end) + 1
      line += 1 + (isWrong ? 0 : (record?.newlines ?? 0))
    }
    const taken = Math.min(at, bytes.length)
    return { rows, wrong, taken, lines: line - firstLine }
  }
  yield* readThrough(file, cut, signal)
  if (!columns) throw new AntiphonError('usage', `${file} has no row with the names of its columns`)
}

/** The names of columns from one or several rows of them: `track`, `title` -> `track/title`. */
function columnNames(headers: readonly string[][]): string[] {
  const width = Math.max(...headers.map((row) => row.length))
  return Array.from({ length: width }, (_, i) =>
    headers
      .map((row) => (row[i] ?? '').trim())
      .filter((name) => name !== '')
      .join('/'),
  )
}

function plainFields(bytes: Buffer, from: number, to: number, delimiter: string): string[] {
  const end = bytes[to - 1] === RETURN && to > from ? to - 1 : to
  return bytes.toString('utf8', from, end).split(delimiter)
}

interface QuotedRecord {
  readonly fields: string[]
  /** Where the line ends that it ends in: at its newline, or behind the last byte. */
  readonly end: number
  /** Newlines inside of it. */
  readonly newlines: number
  readonly reason?: string
  readonly unclosed?: boolean
}

function quotedRecord(bytes: Buffer, from: number, delimiter: number): QuotedRecord {
  const fields: string[] = []
  let newlines = 0
  let at = from
  const wrong = (reason: string, unclosed = false): QuotedRecord => ({
    fields: [],
    end: at,
    newlines: 0,
    reason,
    unclosed,
  })
  for (;;) {
    if (bytes[at] === QUOTE) {
      const start = at + 1
      let doubled = false
      let close = bytes.indexOf(QUOTE, start)
      while (close >= 0 && bytes[close + 1] === QUOTE) {
        doubled = true
        close = bytes.indexOf(QUOTE, close + 2)
      }
      if (close < 0) return wrong('a quote that is not closed', true)
      for (let i = bytes.indexOf(NEWLINE, start); i >= 0 && i < close; i = bytes.indexOf(NEWLINE, i + 1))
        newlines++
      const text = bytes.toString('utf8', start, close)
      at = close + 1
      if (bytes[at] === RETURN && (bytes[at + 1] === NEWLINE || at + 1 === bytes.length)) at++
      else if (at < bytes.length && bytes[at] !== delimiter && bytes[at] !== NEWLINE)
        return wrong(
          newlines > 0
            ? 'a quote that is not closed'
            : 'characters behind a closing quote, expected a delimiter',
        )
      fields.push(doubled ? text.replaceAll('""', '"') : text)
    } else {
      const start = at
      while (at < bytes.length && bytes[at] !== delimiter && bytes[at] !== NEWLINE) at++
      const isEnd = at === bytes.length || bytes[at] === NEWLINE
      fields.push(
        bytes.toString('utf8', start, isEnd && at > start && bytes[at - 1] === RETURN ? at - 1 : at),
      )
    }
    if (at >= bytes.length || bytes[at] === NEWLINE) return { fields, end: at, newlines }
    at++
  }
}

function byteProblem(bytes: Buffer): string | undefined {
  if (!isUtf8(bytes)) return 'it is not UTF-8'
  return bytes.includes(0) ? 'it holds a NUL' : undefined
}
