import { z } from 'zod'
import { checked, parseYaml } from '../../schema/index.js'

/** Languages that queries are asked in, by code. */
export const LANGUAGES = {
  de: 'German',
  fr: 'French',
  es: 'Spanish',
  pt: 'Portuguese',
  it: 'Italian',
  ja: 'Japanese',
} as const
export type Language = keyof typeof LANGUAGES

const word = z.string().trim().min(1)
const TABLE = z.record(word, z.strictObject({ de: word, fr: word, es: word, pt: word, it: word, ja: word }))

/** Words of music in English, and in these languages. */
export type LanguageTable = z.output<typeof TABLE>

/** @throws AntiphonError `usage`, with the line of what is wrong */
export function parseLanguages(yaml: string, { file }: { file: string }): LanguageTable {
  const { value, lineOf } = parseYaml(yaml, { file })
  return checked(TABLE, value, { what: file, code: 'usage', lineOf })
}
