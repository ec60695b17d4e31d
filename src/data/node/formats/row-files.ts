import { readDelimited } from './delimited.js'
import { readJsonDocument } from './json-document.js'
import { readJsonLines } from './json-lines.js'
import { parquetColumns, readParquet } from './parquet.js'
import { textChunks } from './read-through.js'
import { asObject, type RowBlock, type RowOptions } from './rows.js'

/** Names of files that hold rows, and what is in them. */
const ROW_FILE = /\.(?:(csv|tsv|jsonl|ndjson|json)(?:\.gz)?|(parquet))$/i

type RowFormat = 'csv' | 'tsv' | 'jsonl' | 'json' | 'parquet'

export function isRowFile(file: string): boolean {
  return ROW_FILE.test(file)
}

/**
 * The rows of a CSV, TSV, JSONL, JSON or Parquet file, by its name; texts may be packed by gzip (`.csv.gz`).
 * @throws AntiphonError `usage`, `interrupted`
 */
export async function* readRows(
  file: string,
  options: RowOptions = {},
): AsyncGenerator<RowBlock, void, void> {
  const format = await rowFormat(file)
  if (format === 'parquet') yield* readParquet(file, options)
  else if (format === 'jsonl') yield* readJsonLines(file, options)
  else if (format === 'json') yield* readJsonDocument(file, options)
  else yield* readDelimited(file, { ...options, delimiter: delimiterOf(await firstLine(file), format) })
}

/** The names of a file's columns; of JSON the fields of its first row. None where it can't be read. */
export async function columnsOf(file: string): Promise<string[]> {
  try {
    const format = await rowFormat(file)
    if (format === 'parquet') return await parquetColumns(file)
    if (format === 'jsonl' || format === 'json') {
      const rows = format === 'json' ? readJsonDocument(file) : readJsonLines(file)
      for await (const block of rows) if (block.rows.length > 0) return Object.keys(block.rows[0].values)
      return []
    }
    const line = await firstLine(file)
    return line.split(delimiterOf(line, format)).map((name) => name.replace(/^"(.*)"$/, '$1'))
  } catch {
    return []
  }
}

/** The first line of a text file, of its first million bytes; empty where it can't be read. */
export async function firstLine(file: string): Promise<string> {
  for await (const chunk of textChunks(file)) {
    const end = chunk.indexOf(10)
    return chunk.toString('utf8', 0, end < 0 ? chunk.length : end).trimEnd()
  }
  return ''
}

async function rowFormat(file: string): Promise<RowFormat> {
  const [, text, parquet] = ROW_FILE.exec(file) ?? []
  const name = (text ?? parquet ?? 'csv').toLowerCase()
  if (name === 'ndjson') return 'jsonl'
  if (name !== 'json') return name as RowFormat
  // Many write JSONL into a file called .json.
  try {
    return asObject(JSON.parse(await firstLine(file))) ? 'jsonl' : 'json'
  } catch {
    return 'json'
  }
}

/** A comma, unless the names of the columns are separated by something else. */
function delimiterOf(header: string, format: RowFormat): string {
  if (format === 'tsv') return '\t'
  return header.includes(',') ? ',' : ([';', '\t', '|'].find((other) => header.includes(other)) ?? ',')
}
