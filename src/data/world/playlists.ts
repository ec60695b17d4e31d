import { Random } from '../../random/index.js'
import type { Facts } from '../../text/index.js'
import type { WorldInstrument, WorldTrack } from './facts.js'
import { genreFacts } from './voices/genres.js'
import { moodFlags } from './voices/moods.js'
import { PLAYLISTS } from './voices/playlists.js'

/** A playlist that somebody made: its title says what its tracks have in common, or nothing. */
export interface WorldPlaylist {
  readonly title: string
  /** Ids of tracks, in the order of the list. */
  readonly tracks: readonly string[]
}

export interface WorldPlaylistsOptions {
  readonly seed: number | string
  /** @default a fifth of the tracks, at least one */
  readonly playlists?: number
}

/** Tracks of a playlist: at least where fewer fit, and as many as people like to have. */
const SIZE = { least: 3, from: 8, to: 30 }
const MOST_OF_AN_ARTIST = 3
/** Chance that a track which doesn't fit follows one that does; of each five at most one is a stray. */
const STRAY = 0.13
const FITTING_A_STRAY = 4
/** Themes that are looked at before one says nothing. */
const TRIES = 30
/** Playlists are called by players that lead. */
const LEADING = 2

/** What the tracks of a playlist share: how often, the rule of its titles, aspects that are the same. */
const THEMES: readonly (readonly [share: number, rule: string, ...aspects: Aspect[]])[] = [
  [14, 'nothing'],
  [4, 'by_style', 'style'],
  [9, 'by_genre', 'genre'],
  [4, 'by_tag', 'tag'],
  [7, 'by_mood', 'mood'],
  [2, 'by_mood', 'moods'],
  [7, 'by_feeling', 'feeling'],
  [3, 'by_energy', 'energy'],
  [3, 'by_pace', 'pace'],
  [4, 'by_era', 'era'],
  [4, 'by_sound', 'sound'],
  [6, 'by_instrument', 'instrument'],
  [3, 'by_duo', 'duo'],
  [4, 'by_artist', 'artist'],
  [8, 'by_situation', 'feeling', 'energy'],
  [3, 'by_situation', 'sound', 'energy'],
  [3, 'by_genre_situation', 'genre', 'feeling', 'energy'],
  [5, 'by_genre_mood', 'genre', 'mood'],
  [2, 'by_genre_pace', 'genre', 'pace'],
  [2, 'by_genre_energy', 'genre', 'energy'],
  [4, 'by_genre_era', 'genre', 'era'],
  [3, 'by_genre_instrument', 'genre', 'instrument'],
  [3, 'by_mood_instrument', 'mood', 'instrument'],
  [3, 'by_feeling_instrument', 'feeling', 'instrument'],
  [2, 'by_mood_era', 'mood', 'era'],
]
const SHARES = THEMES.reduce((sum, [share]) => sum + share, 0)

/** In what tracks are alike: all that a track has of it, each as the slots of a title. */
const ASPECTS = {
  style: ({ styleName, ...track }) => {
    const { kind, kinds } = genreFacts({ styleName, ...track })
    return [{ kind, kinds, sort: styleName.replace(/ (track|tune|piece|soundscape|beat)$/, '') }]
  },
  genre: (track) => {
    const { genre, music, short, ...rest } = genreFacts(track)
    const [is] = Object.entries(rest).filter(([name]) => name.startsWith('is_'))
    return [{ genre, music, short, [is[0]]: is[1] }]
  },
  // Tags of the style stand between its name and the moods.
  tag: ({ tags, moods }) =>
    tags
      .slice(
        2,
        Math.max(
          2,
          tags.findIndex((tag) => moods.includes(tag)),
        ),
      )
      .map((tag) => ({ tag })),
  mood: ({ moods }) => moods.map((mood) => ({ mood })),
  moods: ({ moods: [mood, othermood] }) => (othermood ? [{ mood, othermood }] : []),
  feeling: (track) =>
    Object.keys(moodFlags(track))
      .filter((name) => !/^(hushed|middling|full|racing)$/.test(name))
      .map(flagged),
  energy: (track) =>
    Object.keys(moodFlags(track))
      .filter((name) => /^(hushed|middling|full)$/.test(name))
      .map(flagged),
  pace: ({ tempo }) => {
    const [word] = /slow|upbeat|fast/.exec(tempo) ?? []
    return word ? [flagged(word === 'fast' ? 'quick' : word)] : []
  },
  era: ({ production: { era } }) => {
    const decade = era.startsWith('19') ? era.slice(2) : era
    return [{ era, decade, ...(era < '1960s' ? flagged('old') : {}) }]
  },
  sound: (track) => {
    const { dance, sacred, electronic, acoustic } = genreFacts(track)
    const { words } = track.production
    return Object.entries({
      dance: dance !== undefined,
      sacred: sacred !== undefined,
      electronic: electronic !== undefined,
      acoustic: acoustic !== undefined,
      lofi: words.includes('lo-fi'),
      crackle: words.includes('vinyl crackle'),
      nodrums: track.tags.includes('no drums'),
      novocals: !track.voices,
    }).flatMap(([name, holds]) => (holds ? [flagged(name)] : []))
  },
  instrument: ({ instruments }) =>
    [...new Set(leading(instruments).flatMap(spoken))].map((instrument) => ({ instrument })),
  duo: ({ instruments }) => {
    const [first, second] = leading(instruments)
    if (!second || first.family === second.family) return []
    return spoken(first).flatMap((instrument) => spoken(second).map((other) => ({ instrument, other })))
  },
  artist: ({ artist }) => [{ artist }],
} satisfies Record<string, (track: WorldTrack) => readonly Facts[]>

type Aspect = keyof typeof ASPECTS

function flagged(name: string): Facts {
  return { [name]: '' }
}

function leading(instruments: readonly WorldInstrument[]): WorldInstrument[] {
  return instruments
    .slice(0, LEADING)
    .filter(({ family }) => family !== 'drums' && family !== 'bass' && family !== 'percussion')
}

/** An instrument by its name, and as most would call it. */
function spoken({ name, family }: WorldInstrument): string[] {
  if (name.endsWith('saxophone')) return [name, 'sax']
  if (family === 'synthesizer') return [name, 'synth']
  return /^(guitar|strings|brass|organ|woodwind)$/.test(family)
    ? [...new Set<string>([name, family])]
    : [name]
}

/** Something that tracks have in common. */
interface Trait {
  readonly facts: Facts
  /** Their places in the world. */
  readonly tracks: Set<number>
}

type Traits = Readonly<Record<Aspect, readonly Trait[]>>

interface Theme {
  readonly rule: string
  readonly facts: Facts
  /** Places of the tracks that are to be listed, strays among them. */
  readonly listed: readonly number[]
}

/**
 * Playlists that people made of a world's tracks, as those whose titles MuLan learns from (Huang et al. 2022). Each has a
 * theme: what a track drawn at random is like in one respect or a few, or nothing; about nine of ten of its tracks share that.
 * What a title says of the sound is true of those. There is none where there are fewer than three tracks. Playlist i is
 * the same whatever the number of playlists.
 */
export function* worldPlaylists(
  tracks: Iterable<WorldTrack>,
  { seed, playlists }: WorldPlaylistsOptions,
): Generator<WorldPlaylist> {
  const world = [...tracks]
  if (world.length < SIZE.least) return
  const traits = traitsOf(world)
  const count = playlists ?? Math.max(1, Math.round(world.length / 5))
  for (let number = 1; number <= count; number++) {
    const rng = new Random(`${seed}/playlist/${number}`)
    const { rule, facts, listed } = drawTheme(rng.fork('theme'), world, traits)
    yield { title: titleOf(rule, facts, rng.fork('title')), tracks: listed.map((place) => world[place].id) }
  }
}

function traitsOf(world: readonly WorldTrack[]): Traits[] {
  const known = new Map<string, Trait>()
  const aspects = Object.entries(ASPECTS) as [Aspect, (track: WorldTrack) => readonly Facts[]][]
  return world.map((track, place) => {
    const traits = aspects.map(([aspect, of]): [Aspect, Trait[]] => [
      aspect,
      of(track).map((facts) => {
        const key = `${aspect} ${JSON.stringify(facts)}`
        const trait = known.get(key) ?? { facts, tracks: new Set() }
        known.set(key, trait)
        trait.tracks.add(place)
        return trait
      }),
    ])
    return Object.fromEntries(traits) as unknown as Traits
  })
}

function drawTheme(rng: Random, world: readonly WorldTrack[], traits: readonly Traits[]): Theme {
  for (let tries = 0; tries < TRIES; tries++) {
    let share = rng.next() * SHARES
    const [, rule, ...aspects] = THEMES.find(([own]) => (share -= own) < 0) ?? THEMES[0]
    const own = rng.pick(traits)
    if (aspects.some((aspect) => own[aspect].length === 0)) continue
    const shared = aspects.map((aspect) => rng.pick(own[aspect]))
    const facts = shared.reduce<Facts>((all, trait) => ({ ...all, ...trait.facts }), {})
    if (!PLAYLISTS.allows(rule, facts) || isRepetition(shared)) continue
    const first = shared.at(0)?.tracks ?? world.keys()
    const fitting = [...first].filter((place) => shared.every(({ tracks }) => tracks.has(place)))
    const most = aspects.includes('artist') ? SIZE.to : MOST_OF_AN_ARTIST
    const listed = list(rng.fork('tracks'), world, new Set(fitting), most)
    if (listed.length >= SIZE.least) return { rule, facts, listed }
  }
  return { rule: 'nothing', facts: {}, listed: list(rng, world, new Set(world.keys()), SIZE.to) }
}

/** Whether a title would say the same twice: "bluesy blues". */
function isRepetition([first, ...others]: readonly Trait[]): boolean {
  const words = (trait: Trait): string[] => Object.values(trait.facts).filter((value) => !!value) as string[]
  return others.some((other) =>
    words(other).some((one) => words(first).some((two) => one.includes(two) || two.includes(one))),
  )
}

/** @param most of one artist */
function list(rng: Random, world: readonly WorldTrack[], fitting: Set<number>, most: number): number[] {
  const size = rng.int(SIZE.from, SIZE.to)
  const listed = new Set<number>()
  const ofArtist = new Map<string, number>()
  const add = (place: number): boolean => {
    const { artist } = world[place]
    const count = ofArtist.get(artist) ?? 0
    if (listed.has(place) || count >= most || listed.size >= size) return false
    ofArtist.set(artist, count + 1)
    listed.add(place)
    return true
  }
  let [fits, strays] = [0, 0]
  for (const place of rng.shuffle([...fitting])) {
    if (listed.size >= size) break
    if (add(place)) fits++
    const other = rng.int(0, world.length - 1)
    if (!rng.chance(STRAY) || fits < FITTING_A_STRAY * (strays + 1) || fitting.has(other)) continue
    if (add(other)) strays++
  }
  return [...listed]
}

/** Words of a title, at most. */
const LONGEST = 7

function titleOf(rule: string, facts: Facts, rng: Random): string {
  const { text: what } = PLAYLISTS.say(rule, facts, rng, { capitals: false })
  const isShort = what.split(' ').length < LONGEST && rule !== 'nothing'
  const { text } = PLAYLISTS.say('title', { what, short: isShort ? '' : undefined }, rng, { capitals: false })
  return typed(text, rng.next())
}

/** As people type: most in small letters, some as it is written, with a capital or more. */
function typed(title: string, drawn: number): string {
  if (drawn < 0.45) return title.toLowerCase()
  if (drawn < 0.6) return title
  if (drawn < 0.8) return title.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase())
  if (drawn < 0.95) return title.replace(/(?<=^|\s)\p{Ll}/gu, (letter) => letter.toUpperCase())
  return title.toUpperCase()
}
