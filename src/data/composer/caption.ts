import { instrument, type InstrumentId } from './instruments.js'
import type { Random } from './random.js'
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
  instruments: readonly string[]
  bpm: number
  tempo: string
}

/** The speed of a beat in words. */
export function tempoWord(bpm: number): string {
  if (bpm < 66) return 'very slow'
  if (bpm < 84) return 'slow'
  if (bpm < 112) return 'mid-tempo'
  if (bpm < 138) return 'upbeat'
  if (bpm < 160) return 'fast'
  return 'very fast'
}

/** Says one or two sentences about a piece; the wording follows the seed, the content the facts. */
export function caption(facts: Facts, rng: Random): string {
  const { style, mood, metre, bpm, tempo } = facts
  const words = rng.shuffle(mood.words)
  const feel = rng.chance(0.6) && words.length > 1 ? `${words[0]}, ${words[1]}` : words[0]
  const key = keyName(facts.key)
  const who = list(facts.instruments.map((name) => (plural(name) ? name : article(name))))
  const solo = facts.instruments.length === 1
  const speed = rng.pick([tempo, tempo, `${bpm} bpm`])
  const detail = rng.pick(style.details).replace(/\{(\w+)\}/g, (_, role: string) => {
    const id = facts.band[role]
    if (!id)
      throw new RangeError(
        `Style "${style.id}" has no role "${role}" (expected ${Object.keys(facts.band).join(', ')})`,
      )
    return instrument(id).name
  })
  const beat = metre.count === 3 || metre.unit === 8 ? ` in ${metre.count}/${metre.unit} time` : ''
  const players = solo
    ? `for solo ${facts.instruments[0]}`
    : rng.pick([`with ${who}`, `played by ${who}`, `for ${who}`])
  const first = rng.pick([
    () => `${capital(article(`${feel} ${style.name}`))} in ${key}${beat}, ${speed}, ${players}.`,
    () => `${capital(article(`${tempo}, ${feel} ${style.name}`))} ${players}${beat ? `,${beat}` : ''}.`,
    () =>
      `${capital(`${feel} ${style.name}`)} ${players}, ${speed === tempo ? `at a ${tempo === 'mid-tempo' ? 'moderate' : tempo} pace` : `at ${speed}`}${beat}.`,
    () => `Instrumental ${style.name}, ${feel} and ${tempo}, ${players} in ${key}.`,
  ])()
  return rng.chance(0.8) ? `${first} ${sentence(detail)}` : first
}

/** Short tags: style, genre, moods, instruments, tempo, mode. */
export function tagsOf({ style, mood, key, metre, instruments, band, tempo }: Facts): string[] {
  const families = Object.values(band).map((id) => instrument(id).family)
  const drums = families.includes('drums') ? ['drums'] : families.includes('percussion') ? [] : ['no drums']
  return [
    ...new Set([
      style.genre.toLowerCase(),
      style.name,
      ...style.tags,
      ...mood.words,
      ...instruments,
      ...families.filter((family) => family !== 'keyboard' && family !== 'voice'),
      ...drums,
      tempo,
      isMajor(key.mode) ? 'major key' : 'minor key',
      ...(metre.count === 3 ? ['triple metre'] : []),
      'instrumental',
    ]),
  ]
}

/** "a", or "an" before a vowel sound. */
export function article(phrase: string): string {
  return /^([aeio]|u(?!ni|se|ku)|8|11|18)/i.test(phrase) ? `an ${phrase}` : `a ${phrase}`
}

function plural(name: string): boolean {
  return (
    /(drums|strings|bells|pipes|voices|castanets|percussion|timpani)$/.test(name) || name.includes(' and ')
  )
}

/** "a, b and c" */
export function list(items: readonly string[]): string {
  if (items.length < 2) return items.join('')
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function sentence(text: string): string {
  const trimmed = capital(text.trim())
  return trimmed.endsWith('.') ? trimmed : `${trimmed}.`
}
