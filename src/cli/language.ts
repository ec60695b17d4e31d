/** Scripts in which a query can't be in one of these languages' writing; the languages that models know so far. */
const LATIN_LANGUAGES = new Set([
  'en',
  'de',
  'fr',
  'es',
  'it',
  'pt',
  'nl',
  'sv',
  'da',
  'nb',
  'fi',
  'pl',
  'cs',
  'tr',
])

/**
 * A hint for whoever asks in a script that the model's languages (BCP 47 tags) aren't written in: the model answers
 * all the same, but knows little of what was asked. Undefined where nothing speaks against the query.
 */
export function languageHint(query: string, model: string, languages: readonly string[]): string | undefined {
  if (!languages.every((tag) => LATIN_LANGUAGES.has(tag.toLowerCase().split('-')[0]))) return undefined
  const letters = query.match(/\p{L}/gu)?.length ?? 0
  const latin = query.match(/\p{Script=Latin}/gu)?.length ?? 0
  if (latin * 2 >= letters) return undefined
  const names = new Intl.DisplayNames('en', { type: 'language' })
  const known = languages.map((tag) => names.of(tag) ?? tag).join(', ')
  return `The model ${model} knows ${known} only; in other languages expect poor answers.`
}
