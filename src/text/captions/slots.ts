import type { Random } from '../../random/index.js'
import type { Facts } from '../grammar/grammar.js'
import { article, capital, list } from '../grammar/phrase.js'
import type { Meaning, Word, WordGroup, Words } from '../words/words.js'

/** What a slot says, and the tags that are said with it. */
export interface Slots {
  readonly facts: Facts
  readonly tags: Readonly<Record<string, readonly string[]>>
}

/** A tag with what it means. */
interface Told {
  readonly tag: string
  readonly word: Word
}

export interface SortedTags {
  readonly is: ReadonlyMap<WordGroup, readonly Told[]>
  /** What is not heard, or what it is not. */
  readonly isNot: readonly Told[]
  /** What the tables don't know, as it stands. */
  readonly unknown: readonly string[]
}

/**
 * Sorts tags by what they mean; of tags that mean the same the first counts, and what is there can't be absent.
 * @param all tags that are known of the same music. @default the tags
 */
export function sortTags(tags: readonly string[], words: Words, all: readonly string[] = tags): SortedTags {
  const is = new Map<WordGroup, Told[]>()
  const isNot: Told[] = []
  const unknown: string[] = []
  const seen = new Set<string>()
  const meanings = tags.map((tag): [string, Meaning | undefined] => [tag, words.find(tag)])
  const present = all.flatMap((tag) => {
    const meaning = words.find(tag)
    return meaning && !meaning.negated ? [meaning.word] : []
  })
  for (const [tag, meaning] of meanings) {
    const key = meaning
      ? `${meaning.negated}/${meaning.word.group}/${meaning.word.name}`
      : tag.trim().toLowerCase()
    if (seen.has(key) || key === '') continue
    seen.add(key)
    if (!meaning) unknown.push(tag.trim())
    else if (!meaning.negated)
      is.set(meaning.word.group, [...(is.get(meaning.word.group) ?? []), { tag, word: meaning.word }])
    else if (!present.some((word) => contradicts(word, meaning.word))) isNot.push({ tag, word: meaning.word })
  }
  return { is, isNot, unknown }
}

/** How many tags there are to tell. */
export function countTags({ is, isNot, unknown }: SortedTags): number {
  return [...is.values()].reduce((sum, told) => sum + told.length, isNot.length + unknown.length)
}

/** Whether a thing that is heard can't be while another is said to be absent. */
function contradicts(heard: Word, absent: Word): boolean {
  if (heard === absent || heard.name === absent.name) return true
  if (absent.group === 'voice' && absent.name === 'vocals')
    return heard.group === 'voice' || heard.group === 'language'
  if (absent.group === 'instrument' && absent.name === 'instruments') return heard.group === 'instrument'
  if (heard.group !== absent.group) return false
  const isPart = heard.name.toLowerCase().includes(absent.name.toLowerCase())
  return (
    isPart || (absent.number !== 'singular' && heard.family !== undefined && heard.family === absent.family)
  )
}

const NEUTRAL = ['piece', 'track', 'recording', 'piece of music']
/** More of a kind than this make no sentence. */
const MOST_IN_A_LIST = 4

/** The slots that the sentences are filled from: all forms of what is known, freshly drawn. */
export function slotsOf({ is, isNot, unknown }: SortedTags, random: Random): Slots {
  const facts: Record<string, string> = {}
  const tags: Record<string, readonly string[]> = {}
  const put = (slot: string, text: string | undefined, told: readonly Told[]): void => {
    if (text === undefined || text === '') return
    facts[slot] = text
    tags[slot] = told.map(({ tag }) => tag)
  }
  const some = (group: WordGroup, most = MOST_IN_A_LIST): Told[] =>
    random.shuffle(is.get(group) ?? []).slice(0, most)
  const names = (told: readonly Told[]): string[] => told.map(({ word }) => word.name)

  const moods = some('mood', 3)
  const adjectives = moods.map(({ word }) => word.adjective!)
  put('mood', adjectives[0], moods.slice(0, 1))
  put('moods', list(adjectives), moods)
  put('commamoods', adjectives.join(', '), moods)
  const withNoun = moods.find(({ word }) => word.noun)
  if (withNoun) put('moodnoun', withNoun.word.noun, [withNoun])

  putGenres(some('genre', 3))

  const players = some('instrument')
  const inWords = players.map(({ word }) => (word.number === 'singular' ? article(word.name) : word.name))
  const verb =
    players.length === 1 && players[0].word.verbs.length > 0
      ? random.pick(players[0].word.verbs)
      : random.pick(['play', 'share the music', 'carry the music'])
  const isOne = players.length === 1 && players[0].word.number !== 'plural'
  put('players', list(inWords), players)
  put('Players', list(inWords), players)
  if (players.length > 0) {
    facts['verb'] = isOne ? thirdPerson(verb) : verb
    facts['playersare'] = isOne ? 'is' : 'are'
    if (players.length > 1) facts['several'] = ''
  }

  const voices = some('voice', 2)
  put('voices', list(names(voices)), voices)
  put('Voices', list(names(voices)), voices)
  if (voices.length > 0) facts['are'] = voices.length > 1 || voices[0].word.number === 'plural' ? 'are' : 'is'

  const tempo = some('tempo', 1)
  put('tempo', tempo[0]?.word.name, tempo)
  const textures = random.shuffle(is.get('texture') ?? [])
  const character = textures.filter(({ word }) => word.adjective).slice(0, 3)
  put('character', list(character.map(({ word }) => word.adjective!)), character)
  const texture = textures.filter(({ word }) => word.noun).slice(0, 2)
  put('texture', list(texture.map(({ word }) => word.noun!)), texture)
  if (texture.length > 0)
    facts['texturecarries'] = texture.length > 1 || /s$/.test(texture[0].word.noun!) ? 'carry' : 'carries'
  const productions = random.shuffle(is.get('production') ?? [])
  const sound = productions.filter(({ word }) => word.adjective).slice(0, 3)
  put('sound', list(sound.map(({ word }) => word.adjective!)), sound)
  const heard = productions.filter(({ word }) => word.noun).slice(0, 2)
  put('heard', list(heard.map(({ word }) => word.noun!)), heard)
  const era = some('era', 1)
  put('era', era[0]?.word.noun, era)
  put('eraadjective', era[0]?.word.adjective, era)
  const situation = some('situation', 2)
  put('situation', list(names(situation), { and: 'or' }), situation)
  for (const group of ['language', 'key', 'metre', 'bpm'] as const) {
    const one = some(group, 1)
    put(group, one[0]?.word.name, one)
  }

  const missing = random.shuffle(isNot)
  const absent = missing
    .filter(
      ({ word }) =>
        word.group === 'instrument' ||
        word.group === 'voice' ||
        (word.noun && word.group !== 'genre' && word.group !== 'mood'),
    )
    .slice(0, 3)
  const bare = absent.map(({ word }) => (word.noun ?? word.name).replace(/^an? /, ''))
  put('absent', list(bare, { and: 'or' }), absent)
  if (absent.length > 0)
    facts['areabsent'] =
      absent[0].word.number === 'plural' || (absent[0].word.noun ?? '').endsWith('s') ? 'are' : 'is'
  const genresNot = missing.filter(({ word }) => word.group === 'genre').slice(0, 2)
  put(
    'notmusic',
    list(
      genresNot.map(({ word }) => word.noun!),
      { and: 'or' },
    ),
    genresNot,
  )
  const languagesNot = missing.filter(({ word }) => word.group === 'language').slice(0, 2)
  put('notlanguage', list(names(languagesNot), { and: 'or' }), languagesNot)
  const adjectivesNot = missing.filter(({ word }) => word.adjective && word.group !== 'genre').slice(0, 2)
  put(
    'notadjective',
    list(
      adjectivesNot.map(({ word }) => word.adjective!),
      { and: 'or' },
    ),
    adjectivesNot,
  )

  const strange = random.shuffle(unknown).slice(0, 3)
  if (strange.length > 0) {
    facts['unknown'] = list(strange)
    tags['unknown'] = strange
  }
  return { facts, tags }

  function putGenres(genres: readonly Told[]): void {
    const work = genres.find(({ word }) => word.work)
    const others = genres.filter((genre) => genre !== work)
    const sung = is.has('voice') || is.has('language')
    const what = work?.word.work ?? random.pick(sung ? [...NEUTRAL, 'song', 'song'] : NEUTRAL)
    const kinds = list(others.map(({ word }) => word.adjective!))
    const isPlain = what === 'piece of music'
    put('kind', isPlain ? (kinds && `${kinds} piece`) || what : `${kinds} ${what}`.trim(), genres)
    facts['kind'] ??= what
    facts['anything'] = isPlain || work ? 'piece of music' : what
    const nouns = genres.map(({ word }) => word.noun!)
    put('music', list(nouns), genres)
    if (!genres.some(({ word }) => word.work)) put('massmusic', list(nouns), genres)
    put('Music', nouns.length > 0 ? capital(list(nouns)) : undefined, genres)
    if (nouns.length > 1) put('mix', list(nouns), genres)
  }
}

/** "They carry the tune", "it carries the tune". */
function thirdPerson(verb: string): string {
  const [first, ...rest] = verb.split(' ')
  const said = /[^aeiou]y$/.test(first)
    ? `${first.slice(0, -1)}ies`
    : /(s|x|z|ch|sh)$/.test(first)
      ? `${first}es`
      : `${first}s`
  return [said, ...rest].join(' ')
}
