import { measuresIn } from './measures.js'
import type { Entry, Reading } from './terms.js'

/** What each word counts; a word counts once. */
const CLEAR = 1 // an instrument, a voice, a thing that is heard
const FEELING = 0.75 // a mood
const QUALITY = 0.5 // soft, loud
const LOOSE = 0.25
const LOOSE_BESIDE_SOUND = 0.5 // "a country song", "a sweet melody"
const THING = 0.25 // song, piece
const ELSEWHERE = -1
const YEAR = -0.5
const ADDRESS = -2
const WRITER = -0.5 // who speaks of themselves speaks less of the music

/**
 * How much a sentence says of what music sounds like, from 0 to 1: e / (1 + e), e the sum of what speaks for it and against
 * it. One clear word of sound and nothing against it is 0.5.
 */
export function relevanceOf(reading: Reading): number {
  const evidence = evidenceOf(reading)
  return evidence <= 0 ? 0 : evidence / (1 + evidence)
}

function evidenceOf({ text, tokens, terms }: Reading): number {
  const entries = new Map(terms.map(({ entry }) => [entry.name, entry]))
  const all = [...entries.values()]
  const isAnchored = all.some((entry) => entry.roles.has('thing') || isClear(entry))
  let evidence = measuresIn(text).length * CLEAR
  for (const entry of all) evidence += weightOf(entry, isAnchored)
  if (all.some(({ roles }) => roles.has('thing'))) evidence += THING
  const years = tokens.some(({ text: word }) => /^(?:1[5-9]|20)\d\d$/.test(word))
  if (years) evidence += YEAR
  if (/https?:|www\.|\w\.(?:com|org|net)\b/i.test(text)) evidence += ADDRESS
  if (tokens.some(({ text: word }) => WRITERS.has(word))) evidence += WRITER
  return evidence
}

const WRITERS = new Set('i my me we our you your im ive'.split(' '))

function isClear({ roles, group, loose }: Entry): boolean {
  return !loose && (roles.has('sound') || (roles.has('music') && group !== 'mood' && group !== 'situation'))
}

function weightOf(entry: Entry, isAnchored: boolean): number {
  const { roles, group, loose } = entry
  if (roles.has('elsewhere')) return ELSEWHERE
  if (loose) return isAnchored ? LOOSE_BESIDE_SOUND : LOOSE
  if (isClear(entry) || roles.has('does')) return CLEAR
  if (group === 'mood') return FEELING
  if (roles.has('quality')) return QUALITY
  return roles.has('music') ? LOOSE : 0
}
