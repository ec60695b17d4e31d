import { isNode, isPair, LineCounter, parseDocument, type Document } from 'yaml'
import { AntiphonError } from '../errors/index.js'

export interface Parsed {
  readonly value: unknown
  /** The line of a field, or of the nearest one around it that the file has; counted from 1. */
  readonly lineOf: (path: readonly PropertyKey[]) => number | undefined
}

/** @throws AntiphonError `usage`, with the line of what is no YAML */
export function parseYaml(text: string, { file }: { file: string }): Parsed {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const [error] = document.errors
  if (error) {
    const { line } = lines.linePos(error.pos[0])
    throw new AntiphonError('usage', `${file}:${line}: ${error.message.split('\n')[0]}`, { cause: error })
  }
  const lineOf = (path: readonly PropertyKey[]): number | undefined => {
    for (let length = path.length; length > 0; length--) {
      const offset = offsetOf(document, path.slice(0, length))
      if (offset !== undefined) return lines.linePos(offset).line
    }
    return undefined
  }
  return { value: valueOf(document, file), lineOf }
}

/** Aliases within aliases can mean more than any memory holds: the parser refuses them. */
function valueOf(document: Document, file: string): unknown {
  try {
    return document.toJS()
  } catch (cause) {
    throw new AntiphonError('usage', `${file}: ${(cause as Error).message}`, { cause })
  }
}

/** Where a field begins: its key, or in a list its value. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number | undefined {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true)
  const last = path[path.length - 1]
  if (typeof parent === 'object' && parent !== null && 'items' in parent)
    for (const item of parent.items as unknown[])
      if (isPair(item) && isNode(item.key) && String(item.key) === String(last)) return item.key.range?.[0]
  const node: unknown = document.getIn(path, true)
  return isNode(node) ? node.range?.[0] : undefined
}
