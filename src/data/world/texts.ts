import { Random } from '../../random/index.js'
import type { Facts, Grammar, Said, SayOptions } from '../../text/index.js'
import type { Text, TextKind } from '../pair.js'
import type { WorldArtist, WorldTrack } from './facts.js'
import { ARTICLES, BACKGROUNDS } from './voices/articles.js'
import { CAPTIONS } from './voices/captions.js'
import { COMMENTS } from './voices/comments.js'
import { REVIEWS } from './voices/reviews.js'
import { sayable } from './voices/sayable.js'
import { SITUATIONS } from './voices/situations.js'
import { typed } from './voices/typing.js'

/** A text, and how it was put. */
export interface Voiced extends Said {
  readonly kind: TextKind
}

/**
 * What is said of a piece of the world, by many voices: tags, two or three captions (an expert's and a listener's), title,
 * artist, album, situations, a review, comments and an article. What is said of the sound follows from the facts; comments
 * and articles say much that is beside it.
 */
export function worldTexts(track: WorldTrack, artist: WorldArtist, random: Random): Text[] {
  const { title, artist: name, album } = track
  return [
    ...track.tags.map((value): Text => ({ kind: 'tag', value })),
    { kind: 'title', value: title },
    { kind: 'artist', value: name },
    { kind: 'album', value: album },
    ...worldVoices(track, artist, random).map(({ kind, text }): Text => ({ kind, value: text })),
  ]
}

/** The texts that are made of templates. */
export function worldVoices(track: WorldTrack, artist: WorldArtist, random: Random): Voiced[] {
  const voices: Voiced[] = []
  /** Says something new: a text of few words may come out as one that is there. */
  const say = (kind: TextKind, say: (random: Random) => Said): void => {
    for (let tries = 0; tries < 5; tries++) {
      const said = say(random.fork(`${kind} ${voices.length} ${tries}`))
      if (voices.some(({ text }) => text === said.text)) continue
      voices.push({ kind, ...said })
      return
    }
  }
  const by = (grammar: Grammar, rule: string, { more, ...options }: SayOptions & { more?: Facts } = {}) => {
    return (drawn: Random): Said =>
      grammar.say(rule, { ...sayable(track, artist, drawn), ...more }, drawn, options)
  }
  const counts = random.fork('counts')
  say('caption', by(CAPTIONS, 'expert'))
  say('caption', by(CAPTIONS, 'listener'))
  if (counts.chance(0.5)) say('caption', by(CAPTIONS, counts.chance(0.5) ? 'expert' : 'listener'))
  for (let i = counts.int(1, 2); i > 0; i--)
    say('situation', by(SITUATIONS, 'situation', { capitals: false }))
  say('review', by(REVIEWS, 'review'))
  for (let i = counts.int(1, 3); i > 0; i--) say('comment', (drawn) => comment(track, artist, drawn))
  say('article', by(ARTICLES, 'article', { more: backgrounds(track) }))
  return voices
}

function comment(track: WorldTrack, artist: WorldArtist, random: Random): Said {
  const word = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '')
  const named = new Set([track.genre, track.moods[0]].map(word))
  const words = track.tags.map(word).filter((tag) => tag !== '' && !named.has(tag))
  const facts: Facts = {
    ...sayable(track, artist, random),
    stamp: `0:${String(random.int(3, 27)).padStart(2, '0')}`,
    now: String(random.int(2019, 2026)),
    number: String(track.number),
    slug: word(track.title).slice(0, 12) || 'music',
    tagword: words.length > 0 ? random.pick(words) : undefined,
    moodword: word(track.moods[0]),
  }
  const { text, skeleton } = COMMENTS.say('comment', facts, random, { capitals: random.chance(0.3) })
  return { text: typed(text, [track.title, track.artist, track.album], random), skeleton }
}

/** What pages on one artist or album have in common. */
function backgrounds({ artist, album }: WorldTrack): Facts {
  const ofArtist = new Random(`pages on ${artist}`)
  const ofAlbum = new Random(`pages on ${artist}/${album}`)
  const { place, nameorigin, job, sleeve, copies, money } = BACKGROUNDS
  return {
    place: ofArtist.pick(place),
    nameorigin: ofArtist.pick(nameorigin),
    job: ofArtist.pick(job),
    sleeve: ofAlbum.pick(sleeve),
    copies: ofAlbum.pick(copies),
    money: ofAlbum.pick(money),
  }
}
