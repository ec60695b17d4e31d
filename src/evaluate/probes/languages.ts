import { ATTRIBUTES } from './attributes.js'
import { meanFigure, type ProbeMaterial, type ProbePlan } from './figure.js'
import { LANGUAGES, type Language } from './language-table.js'
import { shareAbove } from './scores.js'
import { tracksByWord } from './subject.js'

export interface LanguagesOptions {
  readonly languages: readonly Language[]
  /** Pieces that have to answer a query, and not to answer it. */
  readonly least: number
}

const MOST_PAIRS = 60

/** Words alone and in pairs with a comma between, which need no grammar: in English, and in other languages. */
export function languages(
  { subjects, tables, languages: table, random }: ProbeMaterial,
  { languages: asked, least }: LanguagesOptions,
): ProbePlan {
  const known = new Map(
    Object.keys(table).flatMap((english) => {
      const meaning = tables.words.find(english)
      return meaning ? [[meaning.word, english] as const] : []
    }),
  )
  const single = [...tracksByWord(subjects, ATTRIBUTES)].flatMap(([meant, items]) => {
    const english = known.get(meant)
    return english === undefined ? [] : [{ words: [english], items }]
  })
  const pairs = single.flatMap((a, i) =>
    single.slice(i + 1).map((b) => ({
      words: [...a.words, ...b.words],
      items: a.items.filter((item) => b.items.includes(item)),
    })),
  )
  const fits = ({ items }: { items: readonly number[] }): boolean =>
    items.length >= least && subjects.length - items.length >= least
  const queries = [...single.filter(fits), ...random.shuffle(pairs.filter(fits)).slice(0, MOST_PAIRS)].map(
    ({ words, items }) => {
      const answers = new Set(items)
      const others = subjects.flatMap(({ item }) => (answers.has(item) ? [] : [item]))
      return { words, items, others }
    },
  )
  const inEnglish = (words: readonly string[]): string => words.join(', ')
  const inLanguage = (words: readonly string[], language: Language): string =>
    words.map((english) => table[english][language]).join(language === 'ja' ? '、' : ', ')
  return {
    texts: queries.flatMap(({ words }) => [
      inEnglish(words),
      ...asked.map((language) => inLanguage(words, language)),
    ]),
    changes: [],
    figures: (scores) => {
      const found = (name: string, textOf: (words: readonly string[]) => string) =>
        meanFigure(
          `${name}: ROC-AUC`,
          queries.map(({ words, items, others }, group) => ({
            value: shareAbove(scores.row(textOf(words)), items, others),
            group,
          })),
        )
      return [
        ...found('English', inEnglish),
        ...asked.flatMap((language) => {
          const name = LANGUAGES[language]
          return [
            ...found(name, (words) => inLanguage(words, language)),
            ...meanFigure(
              `${name}: cosine to English`,
              queries.map(({ words }, group) => ({
                value: scores.between(inEnglish(words), inLanguage(words, language)),
                group,
              })),
            ),
          ]
        }),
      ]
    },
  }
}
