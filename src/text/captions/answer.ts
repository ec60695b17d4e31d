/** A caption of more characters says more than one hears. */
const LONGEST = 800
const SHORTEST = 12

const REFUSAL =
  /\b(as an ai|language model|i (?:can(?:no|')t|am (?:not able|unable)|'m (?:not able|unable|sorry)|apologi[sz]e)|i'm an ai|sorry, (?:but )?i|cannot (?:assist|help|fulfil))/i
const LIST = /^\s*(?:[-*•–]\s|\d+[.)]\s|#+\s|```)/m
/** What models put before an answer: "Sure! Here is a description:". */
const PREAMBLE = /^(?:sure|certainly|of course|here(?:'s| is| are))\b[^\n]{0,80}:\s*/i
const THINKING = /<think>[\s\S]*?<\/think>/g

export type Answer = { readonly text: string } | { readonly wrong: string }

/** A caption out of a model's answer, or what is wrong with it. */
export function captionOf(answer: string): Answer {
  const plain = answer
    .replace(THINKING, '')
    .trim()
    .replace(PREAMBLE, '')
    .replace(/^["“”']+|["“”']+$/g, '')
    .trim()
  if (plain.length < SHORTEST) return { wrong: plain === '' ? 'it is empty' : 'it is too short' }
  if (REFUSAL.test(plain)) return { wrong: 'it refuses' }
  if (LIST.test(plain)) return { wrong: 'it is a list' }
  if (/\n\s*\n/.test(plain)) return { wrong: 'it has several paragraphs' }
  if (plain.length > LONGEST)
    return { wrong: `it has ${plain.length} characters (expected at most ${LONGEST})` }
  if (/[{}<>|]|\bhttps?:/.test(plain)) return { wrong: 'it is no prose' }
  const text = plain.replace(/\s+/g, ' ')
  // What readers of data sets refuse, and what turns the words around it on a screen.
  if (/[\p{Cc}\u202a-\u202e\u2066-\u2069\uFFFD]/u.test(text))
    return { wrong: 'it holds characters that are no text' }
  return { text }
}
