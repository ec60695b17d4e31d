import { isUtf8 } from 'node:buffer'
import { JsonEntries, type JsonEntry } from '../../formats/json-entries.js'
import { notJson } from './json-lines.js'
import { BreaksOff, textChunks } from './read-through.js'
import { asObject, MAX_ROW_BYTES, ROWS_A_BLOCK, type Row, type RowBlock, type RowOptions } from './rows.js'

export interface JsonDocumentOptions extends RowOptions {
  /** For an object of objects: the field that its names are put in. @default none */
  readonly keyField?: string
}

/**
 * The rows of a JSON file that is one list of objects, or an object of them, entry by entry, however long it is. An entry that is
 * no object is wrong, with the line where it begins.
 * @throws AntiphonError `usage`, `interrupted`
 */
export async function* readJsonDocument(
  file: string,
  { keyField, signal }: JsonDocumentOptions = {},
): AsyncGenerator<RowBlock, void, void> {
  const entries = new JsonEntries({ maxLength: MAX_ROW_BYTES })
  let broken: string | undefined
  try {
    for await (const chunk of textChunks(file, signal)) {
      const found = entries.push(chunk)
      for (let at = 0; at < found.length; at += ROWS_A_BLOCK)
        yield blockOf(file, found.slice(at, at + ROWS_A_BLOCK), keyField)
    }
    if (!entries.ended) broken = 'the file breaks off here'
  } catch (error) {
    if (error instanceof SyntaxError) broken = `not JSON (${error.message})`
    else if (error instanceof BreaksOff) broken = `the file can't be read further: ${error.message}`
    else throw error
  }
  if (broken) yield { file, rows: [], wrong: [{ file, line: entries.line, reason: broken }] }
}

function blockOf(file: string, entries: readonly JsonEntry[], keyField: string | undefined): RowBlock {
  const rows: Row[] = []
  const wrong: { file: string; line: number; reason: string }[] = []
  for (const entry of entries) {
    const found = valuesOf(entry, keyField)
    if (typeof found === 'string') wrong.push({ file, line: entry.line, reason: found })
    else rows.push({ line: entry.line, values: found })
  }
  return { file, rows, wrong }
}

function valuesOf(
  { key, value, tooLong }: JsonEntry,
  keyField: string | undefined,
): Record<string, unknown> | string {
  if (tooLong) return `an entry of more than ${MAX_ROW_BYTES} bytes`
  if (!isUtf8(value) || !isUtf8(key)) return 'it is not UTF-8'
  try {
    const values = asObject(JSON.parse(textOf(value)))
    if (!values) return 'not a JSON object with fields such as path, captions, tags'
    if (keyField === undefined || key.length === 0) return values
    values[keyField] = JSON.parse(textOf(key)) as unknown
    return values
  } catch (error) {
    return notJson(error)
  }
}

const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
