import type { z } from 'zod'
import { checked, parseYaml } from '../../schema/index.js'
import { Synonyms } from '../augment/synonyms.js'
import { SwapTables } from '../augment/swap-tables.js'
import { Miner } from '../mining/miner.js'
import { MINING } from '../mining/mining-table.js'
import { GENRES, INSTRUMENTS, MOODS, OTHERS, SWAPS, SYNONYMS } from './schema.js'
import { Words } from './words.js'

/** Files of the tables. */
export const TABLE_FILES = ['genres', 'instruments', 'moods', 'words', 'synonyms', 'swaps', 'mining'] as const
export type TableFile = (typeof TABLE_FILES)[number]

/** What is known of the words of music. */
export interface Tables {
  readonly words: Words
  readonly synonyms: Synonyms
  readonly swaps: SwapTables
  readonly miner: Miner
}

/** A file as it was read. */
export interface TableSource {
  /** Names it in messages. */
  readonly file: string
  readonly yaml: string
}

/** @throws AntiphonError `usage`, naming file and line of each wrong entry */
export function parseTables(sources: Readonly<Record<TableFile, TableSource>>): Tables {
  const read = <T extends z.ZodType>(name: TableFile, schema: T): z.infer<T> => {
    const { file, yaml } = sources[name]
    const { value, lineOf } = parseYaml(yaml, { file })
    return checked(schema, value, { what: file, code: 'usage', lineOf })
  }
  const words = new Words({
    genres: read('genres', GENRES),
    instruments: read('instruments', INSTRUMENTS),
    moods: read('moods', MOODS),
    others: read('words', OTHERS),
  })
  return {
    words,
    synonyms: new Synonyms(read('synonyms', SYNONYMS)),
    swaps: new SwapTables(read('swaps', SWAPS)),
    miner: new Miner(words, read('mining', MINING)),
  }
}
