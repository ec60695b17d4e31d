import type { Random } from '../../random/index.js'
import { captionQueries } from './captions.js'
import type { ProbeMaterial, ProbePlan } from './figure.js'
import { variantPlan } from './variant-plan.js'

/** Beyond what encoders of sentences read: 512 tokens and less, a word being one or more. */
const BEYOND_WORDS = 520

/** Sentences that are true of any recording, and say nothing of its sound. */
const PADDING = [
  'It was uploaded some time ago and has been listened to since.',
  'Nothing else is known about it.',
  'The file is complete from the beginning to the end.',
  'It is part of a larger collection that somebody put together.',
  'There may be other versions of it elsewhere.',
  'The person who wrote this text listened to it twice.',
  'It can be found under its title.',
  'This description was checked for spelling.',
  'The length is stated in the table next to it.',
  'Please get in touch if something in this text is wrong.',
  'No further remarks were made.',
  'More could be written here, but this is enough.',
]

/** Captions that go on for long about nothing. */
export function longCaptions({ subjects, random }: ProbeMaterial): ProbePlan {
  const queries = captionQueries(subjects)
  const padded = (pad: (text: string) => string) =>
    queries.map((query) => ({ ...query, variants: [pad(query.text)] }))
  const behind = (times: number) => (text: string) =>
    `${text} ${padding(wordsOf(text) * (times - 1), random)}`
  return variantPlan([
    { label: '2 times as long', asked: padded(behind(2)) },
    { label: '4 times as long', asked: padded(behind(4)) },
    {
      label: `${BEYOND_WORDS} words behind`,
      asked: padded((text) => `${text} ${padding(BEYOND_WORDS, random)}`),
    },
    {
      label: `${BEYOND_WORDS} words before`,
      asked: padded((text) => `${padding(BEYOND_WORDS, random)} ${text}`),
    },
  ])
}

export const wordsOf = (text: string): number => text.split(/\s+/).filter(Boolean).length

/** Sentences of at least so many words. */
export function padding(words: number, random: Random): string {
  const sentences: string[] = []
  let count = 0
  while (count < words)
    for (const sentence of random.shuffle(PADDING)) {
      if (count >= words) break
      sentences.push(sentence)
      count += wordsOf(sentence)
    }
  return sentences.join(' ')
}
