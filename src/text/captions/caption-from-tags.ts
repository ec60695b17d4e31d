import type { Random } from '../../random/index.js'
import { sentence } from '../grammar/phrase.js'
import type { Words } from '../words/words.js'
import { countTags, slotsOf, sortTags, type Slots } from './slots.js'
import { SENTENCES } from './templates.js'

export interface CaptionOptions {
  readonly words: Words
  /** Tags that a caption may speak of; of more than these some are drawn. @default 8 */
  readonly mostTags?: number
  /** Share of these tags that it has to speak of. @default 0.7 */
  readonly share?: number
}

const MOST_TAGS = 8
const SHARE = 0.7
const MOST_SENTENCES = 3
/** Drafts that are written at most; the fullest one is taken. */
const DRAFTS = 12
const MOST_TRIES = 20

/**
 * Says tags in one to three sentences, as keyword-to-caption augmentation does with a language model (LAION-CLAP, Wu et al.
 * 2023, section 3.3), by a grammar: what is said comes from the tags, and what a tag denies is denied. The same random numbers
 * give the same caption.
 * @returns undefined where there is no tag
 */
export function captionFromTags(
  tags: readonly string[],
  random: Random,
  options: CaptionOptions,
): string | undefined {
  const { words, mostTags = MOST_TAGS, share = SHARE } = options
  const chosen = random
    .shuffle([...new Set(tags.map((tag) => tag.trim()))].filter((tag) => tag !== ''))
    .slice(0, mostTags)
  if (chosen.length === 0) return undefined
  const count = countTags(sortTags(chosen, words))
  let best: Draft | undefined
  for (let i = 0; i < DRAFTS; i++) {
    const draft = write(chosen, options, random)
    if (!best || draft.said.size > best.said.size) best = draft
    if (best.said.size >= share * count) break
  }
  return best!.text
}

interface Draft {
  readonly text: string
  readonly said: ReadonlySet<string>
}

/** Sentences until everything is said, or there are enough of them. */
function write(tags: readonly string[], { words }: CaptionOptions, random: Random): Draft {
  const said = new Set<string>()
  const sentences: string[] = []
  let left = tags
  for (let rule = 'open'; sentences.length < MOST_SENTENCES && left.length > 0; rule = 'more') {
    const slots = slotsOf(sortTags(left, words, tags), random)
    if (!SENTENCES.allows(rule, slots.facts)) break
    const { text, told } = say(rule, slots, sentences, random)
    sentences.push(sentence(text))
    for (const tag of told) said.add(tag)
    left = tags.filter((tag) => !said.has(tag))
  }
  return { text: sentences.join(' '), said }
}

/** A sentence that tells something, nothing twice, and begins unlike those before, if one is found soon. */
function say(
  rule: string,
  { facts, tags }: Slots,
  before: readonly string[],
  random: Random,
): { text: string; told: string[] } {
  const start = (text: string): string => text.split(' ', 2).join(' ')
  for (let tries = 1; ; tries++) {
    const { text, skeleton } = SENTENCES.say(rule, facts, random)
    const told = [...skeleton.matchAll(/\{(\w+)\}/g)].flatMap(([, slot]) => tags[slot] ?? [])
    const isNew = new Set(told).size === told.length && !before.some((other) => start(other) === start(text))
    if ((told.length > 0 && isNew) || tries === MOST_TRIES) return { text, told }
  }
}
