/** Whether at least half of a query's letters are Latin, or it has none. */
export function mostlyLatin(query: string): boolean {
  const letters = query.match(/\p{L}/gu)?.length ?? 0
  const latin = query.match(/\p{Script=Latin}/gu)?.length ?? 0
  return latin * 2 >= letters
}

/**
 * A hint for whoever asks in a script that none of the model's languages (BCP 47 tags) is written in: the model answers
 * all the same, but knows little of what was asked. Undefined where nothing speaks against the query.
 */
export function languageHint(query: string, model: string, languages: readonly string[]): string | undefined {
  if (mostlyLatin(query) || !languages.every(isWrittenInLatin)) return undefined
  const names = new Intl.DisplayNames('en', { type: 'language' })
  const known = languages.map((tag) => names.of(tag) ?? tag).join(', ')
  return `The model ${model} knows ${known} only; in other languages expect poor answers.`
}

const isWrittenInLatin = (tag: string): boolean => new Intl.Locale(tag).maximize().script === 'Latn'
