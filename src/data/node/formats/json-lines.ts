import { isUtf8 } from 'node:buffer'
import { readThrough, type Cut } from './read-through.js'
import { asObject, LONG_LINE, MAX_ROW_BYTES, type Row, type RowBlock, type RowOptions } from './rows.js'

const NEWLINE = 10

/**
 * The rows of a JSONL file: an object a line; blank lines are none. A line that is no JSON object is wrong.
 * @throws AntiphonError `usage`, `interrupted`
 */
export function readJsonLines(
  file: string,
  { signal }: RowOptions = {},
): AsyncGenerator<RowBlock, void, void> {
  const cut = (bytes: Buffer, firstLine: number): Cut => {
    const rows: Row[] = []
    const wrong: { line: number; reason: string }[] = []
    const sound = isUtf8(bytes)
    let line = firstLine
    let at = 0
    for (; at < bytes.length; line++) {
      let end = bytes.indexOf(NEWLINE, at)
      if (end < 0) end = bytes.length
      const found = rowOf(bytes, at, end, sound)
      if (typeof found === 'string') wrong.push({ line, reason: found })
      else if (found) rows.push({ line, values: found })
      at = end + 1
    }
    return { rows, wrong, taken: bytes.length, lines: line - firstLine }
  }
  return readThrough(file, cut, signal)
}

function rowOf(
  bytes: Buffer,
  from: number,
  to: number,
  sound: boolean,
): Record<string, unknown> | string | undefined {
  if (to - from > MAX_ROW_BYTES) return LONG_LINE
  if (!sound && !isUtf8(bytes.subarray(from, to))) return 'it is not UTF-8'
  const text = bytes.toString('utf8', from, to)
  try {
    return asObject(JSON.parse(text)) ?? 'not a JSON object with fields such as path, captions, tags'
  } catch (error) {
    if (text.trim() === '') return undefined
    return notJson(error)
  }
}

/** What the engine says of a text that is no JSON, without its place. */
export function notJson(error: unknown): string {
  const message = (error as Error).message.replace(/ in JSON at position.*/, '').replace(/, ".{40,}$/s, '')
  return `not JSON (${message})`
}
