import { STYLES } from '../composer/styles/index.js'
import type { Style } from '../composer/style.js'
import { MORE } from './more/index.js'
import type { ArtistKind, People } from './names.js'
import type { FlavourName } from './words.js'

/** Where a style stands in the world: who plays it, when, and what lies near. */
export interface Place {
  readonly flavour: FlavourName
  readonly artists: ArtistKind
  readonly people: People
  /** First and last year of its records. */
  readonly years: readonly [number, number]
  /** Share of the records since 1995 that are made to sound worn. @default 0.08 */
  readonly loFi?: number
  /** Ids of styles that its artists turn to, now and then. */
  readonly near: readonly string[]
  /** How pieces are built. @default 'song' */
  readonly form?: FormKind
}

export type FormKind = 'song' | 'build' | 'blues' | 'cells'

const NEW = 2025

export const PLACES: Readonly<Record<string, Place>> = {
  'piano-ballad': {
    flavour: 'night',
    artists: 'recitalist',
    people: 'continental',
    years: [1932, NEW],
    near: ['waltz', 'jazz-trio'],
  },
  'music-box': {
    flavour: 'salon',
    artists: 'duo or singer',
    people: 'continental',
    years: [1956, NEW],
    loFi: 0.25,
    near: ['minimal-marimba', 'ambient'],
  },
  'string-quartet': {
    flavour: 'salon',
    artists: 'quartet',
    people: 'continental',
    years: [1930, NEW],
    near: ['waltz'],
  },
  'baroque-harpsichord': {
    flavour: 'salon',
    artists: 'recitalist',
    people: 'continental',
    years: [1950, NEW],
    near: ['church-organ'],
  },
  waltz: {
    flavour: 'salon',
    artists: 'orchestra',
    people: 'continental',
    years: [1930, NEW],
    near: ['string-quartet'],
  },
  'brass-march': {
    flavour: 'march',
    artists: 'brass band',
    people: 'english',
    years: [1930, NEW],
    near: [],
  },
  choir: {
    flavour: 'sacred',
    artists: 'choir',
    people: 'continental',
    years: [1950, NEW],
    near: [],
  },
  'church-organ': {
    flavour: 'sacred',
    artists: 'recitalist',
    people: 'continental',
    years: [1950, NEW],
    near: ['baroque-harpsichord'],
  },
  'jazz-trio': {
    flavour: 'night',
    artists: 'jazz group',
    people: 'english',
    years: [1938, NEW],
    near: ['bossa-nova', 'blues'],
  },
  blues: {
    flavour: 'blues',
    artists: 'singer',
    people: 'english',
    years: [1936, NEW],
    near: ['rock', 'jazz-trio'],
    form: 'blues',
  },
  'bossa-nova': {
    flavour: 'brazil',
    artists: 'brazilian',
    people: 'brazilian',
    years: [1959, NEW],
    near: ['jazz-trio', 'acoustic-folk'],
  },
  flamenco: {
    flavour: 'spanish',
    artists: 'guitarist',
    people: 'hispanic',
    years: [1935, NEW],
    near: ['tango'],
  },
  tango: {
    flavour: 'spanish',
    artists: 'tango orchestra',
    people: 'hispanic',
    years: [1930, NEW],
    near: ['flamenco', 'waltz'],
  },
  country: {
    flavour: 'nature',
    artists: 'band',
    people: 'english',
    years: [1936, NEW],
    near: ['acoustic-folk', 'blues'],
  },
  celtic: {
    flavour: 'celtic',
    artists: 'session',
    people: 'english',
    years: [1955, NEW],
    near: ['acoustic-folk', 'country'],
  },
  'acoustic-folk': {
    flavour: 'nature',
    artists: 'duo or singer',
    people: 'english',
    years: [1955, NEW],
    loFi: 0.15,
    near: ['country', 'celtic'],
  },
  rock: {
    flavour: 'city',
    artists: 'band',
    people: 'english',
    years: [1964, NEW],
    near: ['metal', 'blues'],
  },
  metal: {
    flavour: 'dark',
    artists: 'metal band',
    people: 'english',
    years: [1978, NEW],
    near: ['rock'],
  },
  reggae: {
    flavour: 'island',
    artists: 'session',
    people: 'english',
    years: [1970, NEW],
    near: ['funk', 'hip-hop'],
  },
  funk: {
    flavour: 'groove',
    artists: 'band',
    people: 'english',
    years: [1970, NEW],
    near: ['house', 'reggae'],
  },
  'hip-hop': {
    flavour: 'city',
    artists: 'alias',
    people: 'english',
    years: [1986, NEW],
    loFi: 0.4,
    near: ['funk', 'reggae'],
  },
  house: {
    flavour: 'night',
    artists: 'alias',
    people: 'continental',
    years: [1987, NEW],
    loFi: 0.12,
    near: ['techno', 'funk'],
  },
  techno: {
    flavour: 'machine',
    artists: 'alias',
    people: 'continental',
    years: [1989, NEW],
    near: ['house', 'drum-and-bass'],
    form: 'build',
  },
  'drum-and-bass': {
    flavour: 'machine',
    artists: 'alias',
    people: 'english',
    years: [1994, NEW],
    near: ['techno', 'ambient'],
    form: 'build',
  },
  synthwave: {
    flavour: 'city',
    artists: 'alias',
    people: 'continental',
    years: [1983, NEW],
    near: ['chiptune', 'house'],
  },
  chiptune: {
    flavour: 'pixel',
    artists: 'alias',
    people: 'english',
    years: [1986, NEW],
    near: ['synthwave', 'techno'],
  },
  ambient: {
    flavour: 'nature',
    artists: 'alias',
    people: 'continental',
    years: [1978, NEW],
    loFi: 0.15,
    near: ['minimal-marimba', 'piano-ballad'],
  },
  'minimal-marimba': {
    flavour: 'salon',
    artists: 'orchestra',
    people: 'continental',
    years: [1968, NEW],
    near: ['ambient', 'music-box'],
    form: 'cells',
  },
}

/** The styles of the world: those of the composer, with more moods, players and progressions than the demo library has. */
export const WORLD_STYLES: readonly Style[] = STYLES.map((style) => {
  const more = MORE[style.id]
  if (!more) return style
  const harmony: Record<string, Record<string, readonly string[]>> = {}
  for (const source of [style.harmony, more.harmony ?? {}])
    for (const [mode, byLabel] of Object.entries(source))
      for (const [label, charts] of Object.entries(byLabel ?? {})) {
        const own = (harmony[mode] ??= {})
        own[label] = [...(own[label] ?? []), ...charts]
      }
  return {
    ...style,
    moods: [...style.moods, ...(more.moods ?? [])],
    ensembles: [...style.ensembles, ...(more.ensembles ?? [])],
    harmony,
    tonics: more.tonics ?? style.tonics,
  }
})
