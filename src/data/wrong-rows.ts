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
  {
    total,
    count = wrong.length,
    maxShare = MAX_WRONG_SHARE,
    what = 'rows',
  }: {
    total: number
    /** Where there are more of them than were kept. @default all of `wrong` */
    count?: number
    maxShare?: number
    what?: string
  },
): void {
  if (count <= total * maxShare) return
  const shown = wrong.slice(0, MOST_SHOWN).map((row) => `\n  ${describeWrongRow(row)}`)
  const more = count > MOST_SHOWN ? `\n  and ${count - MOST_SHOWN} more` : ''
  const percent = (share: number): string => `${Number((share * 100).toPrecision(2))} %`
  throw new AntiphonError(
    'failed',
    `${count} of ${total} ${what} are wrong (${percent(count / total)}, at most ${percent(maxShare)} may be):${shown.join('')}${more}`,
  )
}
