import { MAX_WRONG_SHARE } from '../../data/index.js'
import type { DataCheckOutput } from '../json.js'
import { count } from '../quantity.js'

/** A source as it was read; `wrong` are rows, `missing` pairs. */
export interface Counted {
  readonly name: string
  readonly rows: number
  readonly wrong: number
  readonly pairs: number
  readonly missing: number
}

const MOST = `at most ${100 * MAX_WRONG_SHARE} % may be`

/**
 * Why training, or who reads listening and relations, would refuse a data set: each source has its own share of wrong rows,
 * and needs a pair whose audio is there; audio that can't be decoded is counted over all of them.
 */
export function refusals(
  { audio, listening, graph }: Pick<DataCheckOutput, 'audio' | 'listening' | 'graph'>,
  sources: readonly Counted[],
): string[] {
  const found: string[] = []
  const isTooMany = (wrong: number, of: number): boolean => wrong > of * MAX_WRONG_SHARE
  for (const { name, rows, wrong, pairs, missing } of sources) {
    const which = sources.length > 1 ? ` of ${name}` : ''
    if (isTooMany(wrong, rows)) found.push(`${wrong} of ${count(rows, 'row')}${which} are wrong (${MOST})`)
    else if (pairs === 0) {
      // A folder with listening or relations need not have pairs.
      if (sources.length > 1 || (listening === null && graph === null))
        found.push(`there is no audio with text${which && ` in ${name}`}`)
    } else if (pairs === missing) found.push(`no pair${which} has its audio`)
  }
  const broken = audio.broken ?? 0
  if (isTooMany(broken, audio.files))
    found.push(`${broken} of ${count(audio.files, 'audio file')} can't be read (${MOST})`)
  for (const read of [listening, graph])
    if (read && isTooMany(read.wrong.rows, read.rows))
      found.push(`${read.wrong.rows} of ${count(read.rows, 'row')} of ${read.file} are wrong (${MOST})`)
  return found
}
