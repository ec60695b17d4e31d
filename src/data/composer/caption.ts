import { instrument, type Family, type Instrument, type InstrumentId } from './instruments.js'
import type { Random } from '../../random/index.js'
import { article as articleOf, list, sentence } from '../../text/index.js'
import type { Metre } from './score.js'
import type { Mood, Style } from './style.js'
import { isMajor, keyName, type Key } from './theory.js'

/** What a caption may say. */
export interface Facts {
  style: Style
  mood: Mood
  key: Key
  metre: Metre
  band: Readonly<Record<string, InstrumentId>>
  /** Who plays, the leading ones first, and in how many parts. */
  players: readonly { instrument: Instrument; count: number }[]
  bpm: number
  tempo: string
}

/** The speed of a beat in words; a quick three is felt in whole bars, so it isn't as fast as its number. */
export function tempoWord(bpm: number, metre: Metre = { count: 4, unit: 4 }): string {
  const felt = metre.count === 3 && bpm > 130 ? bpm * 0.75 : bpm
  if (felt < 66) return 'very slow'
  if (felt < 84) return 'slow'
  if (felt < 112) return 'mid-tempo'
  if (felt < 138) return 'upbeat'
  if (felt < 162) return 'fast'
  return 'very fast'
}

/** Says one or two sentences about a piece; the wording follows the seed, the content the facts. */
export function caption(facts: Facts, rng: Random): string {
  const { style, mood, metre, bpm, tempo } = facts
  const words = rng.shuffle(mood.words)
  const feel = rng.chance(0.6) && words.length > 1 ? `${words[0]}, ${words[1]}` : words[0]
  const key = keyName(facts.key)
  const time = metre.count === 3 || metre.unit === 8 ? ` in ${metre.count}/${metre.unit} time` : ''
  const who = cast(facts, rng)
  const pace = `at ${article(tempo === 'mid-tempo' ? 'moderate' : tempo)} pace`
  const speed = rng.pick([tempo, tempo, `${bpm} bpm`])
  const first = rng.pick([
    () => `${article(`${feel} ${style.name}`)} in ${key}${time}, ${speed}, ${who}`,
    () => `${article(`${tempo}, ${feel} ${style.name}`)} ${who}${time}`,
    () => `${feel} ${style.name} ${who}, ${speed === tempo ? pace : `at ${speed}`}${time}`,
    () => `instrumental ${style.name}, ${feel} and ${tempo}, ${who} in ${key}`,
    () => `${article(`${feel} ${style.name}`)} ${who}, ${pace}`,
  ])()
  return rng.chance(0.8) ? `${sentence(first)} ${sentence(detail(facts, rng))}` : sentence(first)
}

function cast({ players }: Facts, rng: Random): string {
  const names = list(players.map(({ instrument: { name, family }, count }) => counted(name, family, count)))
  if (players.every(({ instrument: { family } }) => family === 'voice' || family === 'organ')) {
    return players[0].instrument.family === 'voice' ? `sung by ${names}` : `on ${names}`
  }
  if (players.length === 1 && players[0].count === 1) return `on ${names}`
  return rng.pick([`with ${names}`, `played by ${names}`, `for ${names}`])
}

/** One of the style's sentences; `{role}` is its instrument, `{a role}` with its article. */
function detail({ style, band }: Facts, rng: Random): string {
  return rng.pick(style.details).replace(/\{(a )?(\w+)\}/g, (_, a: string | undefined, role: string) => {
    const id = band[role]
    if (!id) {
      throw new RangeError(
        `Style "${style.id}" has no role "${role}" (expected ${Object.keys(band).join(', ')})`,
      )
    }
    const { name, family } = instrument(id)
    return a ? counted(name, family, 1) : name
  })
}

/** Families whose players can be counted by their parts: a piano or a choir has several and is one. */
const COUNTABLE: readonly Family[] = ['strings', 'guitar', 'brass', 'woodwind', 'mallets']
const NUMBERS = ['', '', 'two', 'three']

export function counted(name: string, family: Family, count: number): string {
  const collective = /(section|pizzicato strings)$/.test(name)
  if (count > 1 && COUNTABLE.includes(family) && !collective) {
    const many = /[sx]$/.test(name) ? `${name}es` : `${name}s`
    return `${NUMBERS[count] ?? 'several'} ${many}`
  }
  return isPlural(name) ? name : article(name)
}

export function isPlural(name: string): boolean {
  return /(drums?|strings|pipes|voices|castanets|percussion|timpani|brass)$/.test(name)
}

/** Short tags: style, genre, moods, instruments, tempo, mode. */
export function tagsOf({ style, mood, key, metre, players, tempo }: Facts): string[] {
  const families = players.map(({ instrument: { family } }) => family)
  const beaten = families.includes('drums') || families.includes('percussion')
  return [
    ...new Set([
      style.genre.toLowerCase(),
      style.name,
      ...style.tags,
      ...mood.words,
      ...players.map(({ instrument: { name } }) => name),
      ...families.filter((family) => family !== 'keyboard' && family !== 'voice'),
      ...(beaten ? [] : ['no drums']),
      tempo,
      isMajor(key.mode) ? 'major key' : 'minor key',
      ...(metre.count === 3 ? ['triple metre'] : []),
      ...(families.includes('voice') ? [] : ['instrumental']),
    ]),
  ]
}

/** The demo library keeps its captions to the letter, and says "an euphoric". */
function article(phrase: string): string {
  return phrase.startsWith('euphoric') ? `an ${phrase}` : articleOf(phrase)
}
