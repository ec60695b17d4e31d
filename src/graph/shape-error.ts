import { AntiphonError } from '../errors/index.js'

const GRAPH_FOLDER = new URL('.', import.meta.url).href
const FRAMES_TO_SEARCH = 60 // deeper than any op is built of others

/** A graph was written with shapes or types that don't fit; says which op, what it was given, and the line that called. */
export function shapeError(op: string, why: string): AntiphonError {
  const caller = callerLine()
  return new AntiphonError('shape', `${op}: ${why}${caller ? ` (${caller})` : ''}`)
}

/** File and line of the first stack frame outside this folder: the model's line. */
function callerLine(): string | undefined {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = FRAMES_TO_SEARCH
  const stack = new Error().stack ?? ''
  Error.stackTraceLimit = limit
  for (const line of stack.split('\n')) {
    const frame = /(?:\(|@|at )((?:file|https?|node):.*?|\/.*?|[A-Za-z]:\\.*?):(\d+)(?::\d+)?\)?$/.exec(
      line.trim(),
    )
    if (!frame) continue
    const [, file, row] = frame
    if (isOurs(file)) continue
    return `${pathOf(file)}:${row}`
  }
  return undefined
}

/** A URL's path is decoded, where it can be; a plain path stands as it is, `50%` and all. */
function pathOf(file: string): string {
  if (!file.startsWith('file://')) return file
  const path = file.slice('file://'.length)
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

function isOurs(file: string): boolean {
  const url = file.startsWith('/') ? `file://${file}` : file
  return url.startsWith(GRAPH_FOLDER) && !/\.test\.[jt]s$/.test(url)
}
