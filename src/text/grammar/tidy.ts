import { article } from './phrase.js'
import { ARTICLE } from './template.js'

/** Words that end in a full stop within a sentence. */
const ABBREVIATION = /\b(feat|ft|vs|no|approx|vol|op|st|mr|mrs|dr)\.$/i

/** Puts in the articles, and sets spaces, punctuation and capitals right. */
export function tidy(text: string, { capitals }: { capitals: boolean }): string {
  const plain = text
    .replace(new RegExp(`(${ARTICLE})\\s*`, 'g'), '$1')
    .replace(/\s+/g, ' ')
    .replace(/ ([,.;:!?])(?=\s|$|[,.;:!?"”])/g, '$1')
    .replace(/([,;:])(?:\s*[,;:])+/g, '$1')
    .replace(/[,;:]([.!?])/g, '$1')
    .replace(/([!?])[.,](?=\s|$)/g, '$1')
    .trim()
  const whole = plain.split(ARTICLE).reduce((before, after) => before + article(after))
  return capitals ? withCapitals(whole) : whole
}

function withCapitals(text: string): string {
  return text.replace(
    /(^|[.!?…]["”)]?\s)(["“(]*)(\p{Ll})/gu,
    (all, end: string, quote: string, letter: string, at: number) =>
      ABBREVIATION.test(text.slice(0, at + end.trimEnd().length)) ? all : end + quote + letter.toUpperCase(),
  )
}
