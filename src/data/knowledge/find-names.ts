import { editDistance } from './edit-distance.js'
import type { Entity, FoundEntity, KnowledgeGraph } from './graph.js'
import { normalName } from './normal-name.js'

/** A name of the graph that a text has. */
export interface NameInText {
  readonly entity: Entity
  /** As the text spells it, and where: the first letter, and the one behind the last. */
  readonly text: string
  readonly from: number
  readonly to: number
  /** Where what belongs to it ends: behind "by" and who made it. */
  readonly until: number
  /** How sure, 0 to 1; 1 where it differs in case, accents, punctuation or "The" at most. */
  readonly score: number
}

/** What people name to say what music should be like. */
const NAMED: ReadonlySet<string> = new Set(['artist', 'track', 'album', 'person'])

/** What tells how music is. */
const ATTRIBUTES: ReadonlySet<string> = new Set(['genre', 'style', 'mood', 'instrument', 'tag'])

/** After these words, and these pairs of words, comes a name. */
const CUES = new Set(['like', 'between', 'by', 'album', 'artist', 'band', 'track', 'song'])
const PAIRED_CUES: Readonly<Record<string, readonly string[]>> = {
  love: ['i', 'we', 'you', 'who', 'really'], // "a sad love song" names nobody
  to: ['similar', 'close', 'related', 'comparable', 'akin', 'artists'],
  of: ['vein', 'style', 'fans', 'fan', 'mix', 'manner', 'sound', 'spirit'],
  on: ['fit'],
}
/** What may stand between a cue and the name. */
const ERA = /^(early|late|later|earlier|(19|20)?\d0s)$/
/** A name neither begins nor ends with these, unless it is spelled so. */
const LOOSE = /^(a|an|and|but|only|with|without|more|less|no|not|in|of|for|to|or|by|from|so|is|what|the)$/
/** Whole names that are hardly meant where they are written small: "song in a minor", "like the sea". */
const hasOtherSense = (word: string): boolean => LOOSE.test(word) || CUES.has(word) || word === 'love'

const MOST_WORDS = 8
const MOST_NAMES = 3
/** What is longer is no name that one would type, and no query that a text tower reads to its end. */
const LONGEST_NAME = 200
export const LONGEST_QUERY = 1000
/** Looked for in a query: some milliseconds each in a graph of a million names. */
const MOST_TRIED = 200
/** With a cue, of names that one hears of; without one, only what looks like a name: with a capital, of two words or more. */
const LEAST = { cue: 0.75, bare: 0.9 }
/** A slip in a shorter name makes another one. */
const SHORT = 4

interface Word {
  readonly text: string
  readonly from: number
  readonly to: number
}

/**
 * Names of artists, tracks and albums in a query, in the order of the query: the longest that fit, in spite of spelling, after
 * words such as "like", "similar to", "in the vein of"; or where the query is nothing but a name, or has one with a capital.
 * "Yesterday by The Beatles" is the track of that artist.
 */
export function findNames(graph: KnowledgeGraph, text: string): NameInText[] {
  const words = [...text.slice(0, LONGEST_QUERY).matchAll(/\S+/g)].map(({ 0: word, index }): Word => ({
    text: word,
    from: index,
    to: index + word.length,
  }))
  const candidates: (Omit<NameInText, 'until'> & { first: number; last: number; weight: number })[] = []
  let tried = 0
  for (let first = 0; first < words.length; first++)
    for (let last = first; last < Math.min(words.length, first + MOST_WORDS); last++) {
      const whole = first === 0 && last === words.length - 1
      const cue = whole || hasCue(words, first)
      if (!cue && (last === first || !isCapital(words[first].text))) continue
      const span = spanOf(words, first, last)
      if (span.text.length > LONGEST_NAME || ++tried > MOST_TRIED) break
      const found = meant(graph, span.text, words.slice(last + 1))
      if (!found || found.score < (cue ? LEAST.cue : LEAST.bare)) continue
      const isLoose = LOOSE.test(plainWord(words[first].text)) || LOOSE.test(plainWord(words[last].text))
      if (isLoose && found.score < 1) continue
      if (found.isAttribute && (whole || !isCapital(plainStart(span.text)))) continue
      const own = words.slice(first, last + 1)
      if (own.every((word) => hasOtherSense(plainWord(word.text)) && !isCapital(word.text))) continue
      // A word too many costs as much as it seems to gain.
      const weight = found.score ** 2 * span.text.length
      candidates.push({ ...span, entity: found.entity, score: found.score, first, last, weight })
    }
  const chosen: typeof candidates = []
  for (const candidate of candidates.sort((a, b) => b.weight - a.weight || a.from - b.from))
    if (
      chosen.length < MOST_NAMES &&
      chosen.every(({ first, last }) => candidate.last < first || candidate.first > last)
    )
      chosen.push(candidate)
  return chosen
    .filter((one) => !isMakerOf(graph, one, chosen))
    .sort((a, b) => a.from - b.from)
    .map((one) => {
      const makers = chosen.filter((other) => other.from > one.to && makes(graph, other, one))
      const until = Math.max(behindBy(words, one), ...makers.map(({ to }) => to))
      const { entity, text: spelled, from, to, score } = one
      return { entity, text: spelled, from, to, until, score }
    })
}

/** Where a name ends, with "by" and capitals behind it: that someone is known is not needed. */
function behindBy(words: readonly Word[], { to }: Pick<Word, 'to'>): number {
  const by = words.findIndex(({ from }) => from >= to)
  if (by < 0 || plainWord(words[by].text) !== 'by') return to
  let end = by + 1
  while (end < words.length && isCapital(plainStart(words[end].text))) end++
  return end === by + 1 ? to : words[end - 1].to
}

type Named = Pick<NameInText, 'entity'>

/** Whether someone is only named to say whose track it is. */
function isMakerOf(graph: KnowledgeGraph, one: Named, others: readonly Named[]): boolean {
  return others.some((other) => makes(graph, one, other))
}

function makes(graph: KnowledgeGraph, maker: Named, of: Named): boolean {
  return (
    maker.entity.id !== of.entity.id &&
    graph
      .neighbours(of.entity.id, { relation: 'made_by', direction: 'out' })
      .some(({ entity }) => entity.id === maker.entity.id)
  )
}

function spanOf(words: readonly Word[], first: number, last: number): Word {
  const spelled = words.slice(first, last + 1).map((word) => word.text)
  const text = spelled.join(' ').replace(/[,.;:?]+$/, '')
  const { from } = words[first]
  return { text, from, to: words[last].to - (spelled.join(' ').length - text.length) }
}

interface Meant extends FoundEntity {
  /** What music is like may be called the same: "jazz", "calm". */
  readonly isAttribute: boolean
}

/** The entity that a name stands for, with the likeness of the two names, letter by letter. */
function meant(graph: KnowledgeGraph, name: string, behind: readonly Word[]): Meant | undefined {
  const asked = normalName(name)
  if (asked.length < 2) return undefined
  const alike = graph
    .find(name, { limit: 20 })
    .map((one) => ({ ...one, score: likeness(asked, normalName(one.name)) }))
  const isAttribute = alike.some(({ entity, score }) => score === 1 && ATTRIBUTES.has(entity.type))
  const found = alike
    .filter(({ entity }) => NAMED.has(entity.type))
    .map((one) => ({ ...one, isAttribute }))
    .sort((a, b) => b.score - a.score)
  const best = found.filter(({ score }) => score === found[0].score)
  // Of several tracks of a name the one whose maker is named behind, and then no waltz as such is meant: "Waltz by Orly".
  const byMaker = best.find(({ entity }) => isMakerBehind(graph, entity, behind))
  return byMaker ? { ...byMaker, isAttribute: false } : best[0]
}

function isMakerBehind(graph: KnowledgeGraph, { id }: Entity, [by, ...behind]: readonly Word[]): boolean {
  if (by?.text.toLowerCase() !== 'by') return false
  const names = behind.slice(0, MOST_WORDS).map(({ text }) => text)
  const maker = normalName(names.join(' '))
  return graph
    .neighbours(id, { relation: 'made_by', direction: 'out' })
    .some(({ entity }) => maker.startsWith(normalName(entity.name)))
}

function likeness(asked: string, name: string): number {
  if (asked === name) return 1
  const longest = Math.max(asked.length, name.length)
  if (Math.min(asked.length, name.length) <= SHORT) return 0
  const most = Math.floor((1 - LEAST.cue) * longest)
  const distance = editDistance(asked, name, most)
  return distance > most ? 0 : 1 - distance / longest
}

function hasCue(words: readonly Word[], at: number): boolean {
  let before = at - 1
  while (before >= 0 && (ERA.test(plainWord(words[before].text)) || plainWord(words[before].text) === 'the'))
    before--
  // "early Beatles": nothing but an era before it.
  if (before < 0) return at > 0 && ERA.test(plainWord(words[at - 1].text))
  const cue = plainWord(words[before].text)
  if (CUES.has(cue)) return true
  if (cue === 'and') return isAmongNames(words, before)
  const pairs = Object.hasOwn(PAIRED_CUES, cue) ? PAIRED_CUES[cue] : undefined
  return before > 0 && (pairs?.includes(plainWord(words[before - 1].text)) ?? false)
}

/** "somewhere between A and B", "a mix of A and B". */
function isAmongNames(words: readonly Word[], before: number): boolean {
  return words.slice(0, before).some(({ text }, at) => {
    const word = plainWord(text)
    return (
      word === 'between' || ((word === 'to' || word === 'of' || word === 'like') && hasCue(words, at + 1))
    )
  })
}

const plainWord = (word: string): string =>
  word.toLowerCase().replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '')
const plainStart = (text: string): string => text.replace(/^[^\p{L}\p{N}]+/u, '')
const isCapital = (word: string): boolean => /^\p{Lu}/u.test(word)
