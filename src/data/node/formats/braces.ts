import { AntiphonError } from '../../../errors/index.js'

/** More shards than any data set has. */
const MOST_PATHS = 1_000_000

/**
 * The paths of a pattern as shells write it: `shard-{000..011}.tar`, `{train,test}/{0..9}.tar`. Numbers keep their zeros.
 * @throws AntiphonError `usage` for a pattern that ends nowhere or means too many
 */
export function expandBraces(pattern: string): string[] {
  const open = pattern.lastIndexOf('{')
  if (open < 0) return [pattern]
  const close = pattern.indexOf('}', open)
  if (close < 0) throw new AntiphonError('usage', `${pattern}: a brace that is not closed`)
  const [before, inside, behind] = [
    pattern.slice(0, open),
    pattern.slice(open + 1, close),
    pattern.slice(close + 1),
  ]
  const paths: string[] = []
  for (const start of expandBraces(before + '\0' + behind))
    // from the left, so that the first brace counts slowest
    for (const word of wordsOf(inside, pattern)) {
      paths.push(start.replace('\0', () => word))
      if (paths.length > MOST_PATHS)
        throw new AntiphonError('usage', `${pattern} means more than ${MOST_PATHS} files`)
    }
  return paths
}

function wordsOf(inside: string, pattern: string): string[] {
  const range = /^(\d+)\.\.(\d+)$/.exec(inside)
  if (!range) return inside.split(',')
  const [from, to] = [Number(range[1]), Number(range[2])]
  if (to < from || to - from > MOST_PATHS)
    throw new AntiphonError('usage', `${pattern}: {${inside}} is no range of shards`)
  const width = range[1].startsWith('0') ? range[1].length : 0
  return Array.from({ length: to - from + 1 }, (_, i) => String(from + i).padStart(width, '0'))
}
