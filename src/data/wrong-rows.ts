import { AntiphonError } from '../errors/index.js'
import type { WrongRow } from './pair.js'

/** Slips of the hand are lived with; a tenth of the rows is another format. */
export const MAX_WRONG_SHARE = 0.05

const MOST_SHOWN = 5

/** `captions.txt:7: what is wrong`; without a line for the file as a whole. */
export function describeWrongRow({ file, line, reason }: WrongRow): string {
  return line > 0 ? `${file}:${line}: ${reason}` : `${file}: ${reason}`
}

/**
 * Refuses a data set of which more rows, or files, are wrong than may be.
 * @throws AntiphonError `failed`, with the first of them
 */
export function assertFewWrong(
  wrong: readonly WrongRow[],
  { total, maxShare = MAX_WRONG_SHARE, what = 'rows' }: { total: number; maxShare?: number; what?: string },
): void {
  if (wrong.length <= total * maxShare) return
  const shown = wrong.slice(0, MOST_SHOWN).map((row) => `\n  ${describeWrongRow(row)}`)
  const more = wrong.length > MOST_SHOWN ? `\n  and ${wrong.length - MOST_SHOWN} more` : ''
  const percent = (share: number): string => `${Number((share * 100).toPrecision(2))} %`
  throw new AntiphonError(
    'failed',
    `${wrong.length} of ${total} ${what} are wrong (${percent(wrong.length / total)}, at most ${percent(maxShare)} may be):${shown.join('')}${more}`,
  )
}
