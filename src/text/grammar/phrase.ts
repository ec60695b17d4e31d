/** Letters whose names begin with a vowel: "an F minor piece", "an MC". */
const VOWEL_LETTER = /^[AEFHILMNORSX](?![a-z])/

/** Words that are spelt with a vowel and begin with a consonant: "a ukulele", "a euphoric tune", "a one-drop beat". */
const CONSONANT_SOUND = /^(u(ni(?!n)|se|su|k|ti|ra|b)|eu|ewe|one\b|once|ouija)/i

/** The other way round: "an hour", "an 8-bit tune". */
const VOWEL_SOUND = /^([aeiouàáâäåæèéêëíîïóôöøúûü]|hour|hono|honest|heir|8|11\b|18\b|80s)/i

/** "a", or "an" before a vowel sound, and the phrase. */
export function article(phrase: string): string {
  const start = phrase.replace(/^["'“‘(]+/, '')
  const isVowel = VOWEL_LETTER.test(start) || (VOWEL_SOUND.test(start) && !CONSONANT_SOUND.test(start))
  return `${isVowel ? 'an' : 'a'} ${phrase}`
}

/** "a, b and c" */
export function list(items: readonly string[], { and = 'and' }: { and?: string } = {}): string {
  if (items.length < 2) return items.join('')
  return `${items.slice(0, -1).join(', ')} ${and} ${items[items.length - 1]}`
}

/** With a capital and a full stop. */
export function sentence(text: string): string {
  const trimmed = text.trim()
  return `${capital(trimmed)}${/[.!?…]["”’)]?$/.test(trimmed) ? '' : '.'}`
}

/** With a capital: of the first letter, quotation marks before it or not. */
export function capital(text: string): string {
  return text.replace(
    /^(["“‘(]*)(\p{L})/u,
    (_, before: string, letter: string) => before + letter.toUpperCase(),
  )
}
