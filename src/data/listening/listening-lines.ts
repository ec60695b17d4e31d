import type { ListeningRow } from './matrix.js'

/**
 * Rows as lines of `user \t item \t count`: what `readListening` reads.
 * @throws RangeError where a name has a tab or a line break
 */
export function* listeningLines(rows: Iterable<ListeningRow>): Generator<string> {
  for (const { user, item, count } of rows) {
    if (/[\t\r\n]/.test(user + item))
      throw new RangeError(`A tab or line break in ${JSON.stringify([user, item])}`)
    yield `${user}\t${item}\t${count}`
  }
}
