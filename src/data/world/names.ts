import type { Random } from '../../random/index.js'
import { FLAVOURS, FORMS, NUMBERS, PEOPLE, SPANISH_NUMBERS, type Flavour, type FlavourName } from './words.js'

/** What artists of a style call themselves. */
export type ArtistKind =
  | 'band'
  | 'metal band'
  | 'alias'
  | 'singer'
  | 'duo or singer'
  | 'jazz group'
  | 'quartet'
  | 'orchestra'
  | 'choir'
  | 'brass band'
  | 'tango orchestra'
  | 'guitarist'
  | 'brazilian'
  | 'session'
  | 'recitalist'

export type People = keyof typeof PEOPLE

/** So often another name is drawn before a number makes one of its own. */
const NAME_TRIES = 60
const METAL = [
  'wrought',
  'maw',
  'gaze',
  'born',
  'spire',
  'hollow',
  'reaver',
  'moor',
  'bane',
  'mourn',
  'vale',
  'drake',
]
const METAL_STEMS = [
  'Grave',
  'Obsid',
  'Vard',
  'Thorn',
  'Skull',
  'Mor',
  'Iron',
  'Ash',
  'Rune',
  'Doom',
  'Frost',
  'Gore',
]
const ALIAS_STEMS = [
  'Ohm',
  'Kar',
  'Rel',
  'Fath',
  'Lum',
  'Vek',
  'Isf',
  'Dusk',
  'Kas',
  'Halc',
  'Mod',
  'Nev',
  'Quant',
  'Syl',
]
const ALIAS_ENDS = [
  'stead',
  'st',
  'ais',
  'om',
  'en',
  'tor',
  'jord',
  'etto',
  'yon',
  'ula',
  'ara',
  'ix',
  'wave',
  'era',
  'one',
]
const TOWNS = [
  ...[
    'Ostende',
    'Linden',
    'Aldersee',
    'Kingsbridge',
    'Corrib',
    'Harrow',
    'Montrose',
    'Silverdale',
    'Brackwater',
  ],
  ...[
    'Eastmoor',
    'Vallis',
    'Norrby',
    'Castelmar',
    'Hohenfeld',
    'Saint-Aubin',
    'Pradela',
    'Wexcombe',
    'Tornby',
  ],
  ...[
    'Ashgrove',
    'Belmonte',
    'Carrow',
    'Dunvale',
    'Elmstead',
    'Fairholm',
    'Glenmor',
    'Helmsford',
    'Inverlow',
  ],
]
const TOWN_STEMS = [
  ...[
    'Ald',
    'Brack',
    'Carn',
    'Dun',
    'Elm',
    'Fair',
    'Glen',
    'Hohen',
    'Inver',
    'Kings',
    'Lang',
    'Mont',
    'Nord',
    'Oster',
  ],
  ...['Pen', 'Ravens', 'Silver', 'Thorn', 'Under', 'Vall', 'West', 'Wolf', 'Ash', 'Birk', 'Crans', 'Egers'],
]
const TOWN_ENDS = [
  'mouth',
  'field',
  'ford',
  'holm',
  'stead',
  'burg',
  'by',
  'dale',
  'haven',
  'more',
  'wick',
  'bridge',
]
const NICKNAMES = [
  'Big',
  'Little',
  'Blind',
  'Slim',
  'Sunny',
  'Papa',
  'Guitar',
  'Lonesome',
  'Lefty',
  'Sister',
  'Mississippi',
]
const TITLES_OF_HONOUR = ['Prince', 'King', 'Sister', 'Brother', 'Mighty', 'Jah', 'Count', 'Lady', 'General']

/** A name that is not taken: another one, or where those run out, one with a number. */
export function freshName(draw: () => string, taken: ReadonlySet<string>): string {
  for (let tries = 0; tries < NAME_TRIES; tries++) {
    const name = draw()
    if (fileName(name) !== '' && !taken.has(fileName(name))) return name
  }
  const name = draw()
  for (let number = 2; ; number++) if (!taken.has(fileName(`${name} ${number}`))) return `${name} ${number}`
}

/** Words that people make names of: their own flavour's, in the plural where a band wants it. */
export function artistName(
  kind: ArtistKind,
  { flavour, people }: { flavour: FlavourName; people: People },
  rng: Random,
): string {
  const { adjectives, nouns }: Flavour = FLAVOURS[flavour]
  const given = (): string => rng.pick(PEOPLE[people].given)
  const family = (): string => rng.pick(PEOPLE[people].family)
  const person = (): string => `${given()} ${family()}`
  const town = (): string =>
    rng.chance(0.4) ? rng.pick(TOWNS) : `${rng.pick(TOWN_STEMS)}${rng.pick(TOWN_ENDS)}`
  const adjective = (): string => rng.pick(adjectives)
  const noun = (): string => rng.pick(nouns)
  const nouns_ = (): string => plural(noun())
  const one = (...makers: readonly (() => string)[]): string => rng.pick(makers)()
  switch (kind) {
    case 'band':
      return one(
        () => `The ${adjective()} ${nouns_()}`,
        () => `${adjective()} ${noun()}`,
        () => `${noun()} ${nouns_()}`,
        () => `The ${nouns_()}`,
        () => `${noun()} & the ${nouns_()}`,
        () => `${given()} ${family()} & the ${nouns_()}`,
        () => `${town()} ${nouns_()}`,
        () => `${family()} ${noun()}`,
      )
    case 'metal band':
      return one(
        () => `${rng.pick(METAL_STEMS)}${rng.pick(METAL)}`,
        () => `${adjective()} ${noun()}`,
        () => `${noun()} of ${plural(noun())}`,
        () => `${rng.pick(METAL_STEMS)}${rng.pick(METAL)} ${noun()}`,
        () => `${noun()} ${noun()}`,
      )
    case 'alias':
      return one(
        () => `${rng.pick(ALIAS_STEMS)}${rng.pick(ALIAS_ENDS)}`,
        () => `${rng.pick(ALIAS_STEMS)}${rng.pick(ALIAS_ENDS)} ${rng.int(2, 99)}`,
        () => `${adjective()} ${noun()}`,
        () =>
          `${noun()} ${rng.pick(['Unit', 'System', 'Department', 'Club', 'Sound', 'Limit', 'Coast', 'Row'])}`,
        () => `DJ ${family()}`,
        () => `${given()} ${noun()}`,
        () => `${noun()}${rng.pick(['tape', 'lab', 'form', 'kid', 'head', 'line'])}`,
      )
    case 'singer':
      return one(
        person,
        person,
        () => `${rng.pick(NICKNAMES)} ${given()} ${family()}`,
        () => `${person()} Band`,
      )
    case 'duo or singer':
      return one(
        person,
        person,
        () => `${given()} & ${given()}`,
        () => `${family()} & ${family()}`,
        () => `The ${adjective()} ${nouns_()}`,
        () => `${adjective()} ${noun()}`,
      )
    case 'jazz group':
      return one(
        () => `${person()} ${rng.pick(['Trio', 'Group', 'Quartet', 'Combo'])}`,
        () => `The ${family()} ${rng.pick(['Trio', 'Three', 'Quartet'])}`,
        person,
        () => `The ${adjective()} ${rng.pick(['Three', 'Trio', 'Four'])}`,
      )
    case 'quartet':
      return one(
        () => `${town()} Quartet`,
        () => `${family()} Quartet`,
        () => `Quatuor ${family()}`,
        () => `${noun()} Quartet`,
        () => `The ${adjective()} Quartet`,
      )
    case 'orchestra':
      return one(
        () => `${town()} Salon Orchestra`,
        () => `The ${town()} Players`,
        () => `Orchester ${family()}`,
        () => `${family()} Ensemble`,
        () => `Ensemble ${noun()}`,
        () => `${town()} Chamber Players`,
        () => `The ${adjective()} ${noun()} Ensemble`,
      )
    case 'choir':
      return one(
        () => `${town()} Singers`,
        () => `Cantus ${family()}`,
        () => `${town()} Chamber Choir`,
        () => `St ${given()} Singers`,
        () => `The ${family()} Consort`,
        () => `Coro ${town()}`,
      )
    case 'brass band':
      return one(
        () => `${town()} Town Band`,
        () => `${town()} Brass`,
        () => `Band of the ${town()} ${noun()}`,
        () => `The ${adjective()} ${noun()} Band`,
        () => `${family()} Works Band`,
      )
    case 'tango orchestra':
      return one(
        () => `Orquesta ${family()}`,
        () => `Quinteto ${family()}`,
        () => `${person()} y su Orquesta`,
        () => `Orquesta Típica ${noun()}`,
        () => `Sexteto ${noun()}`,
      )
    case 'guitarist':
      return one(
        person,
        person,
        () => `${given()} ${family()} ${family()}`,
        () => `El ${noun()} de ${family()}`,
      )
    case 'brazilian':
      return one(
        person,
        person,
        () => `Trio ${family()}`,
        () => `${given()} & ${given()}`,
        () => `Conjunto ${family()}`,
      )
    case 'session':
      return one(
        () => `The ${town()} Session`,
        () => `${given()} & the ${nouns_()}`,
        person,
        () => `The ${adjective()} ${nouns_()}`,
        () => `${rng.pick(TITLES_OF_HONOUR)} ${family()}`,
        () => `${rng.pick(TITLES_OF_HONOUR)} ${family()} & the ${nouns_()}`,
      )
    case 'recitalist':
      return person()
  }
}

/** A title in a flavour; the same words seldom come twice. */
export function trackTitle(flavour: FlavourName, rng: Random): string {
  const { adjectives, nouns, places, doing, patterns }: Flavour = FLAVOURS[flavour]
  const forms = FORMS[flavour] ?? nouns
  const numbers = flavour === 'spanish' ? SPANISH_NUMBERS : NUMBERS
  const used = new Set<string>()
  const fresh = (pool: readonly string[]): string => {
    let word = rng.pick(pool)
    for (let tries = 0; used.has(word) && tries < 9; tries++) word = rng.pick(pool)
    used.add(word)
    return word
  }
  return rng
    .pick(patterns)
    .replace(/(?<![\p{L}’'])(Ns|[ANPDF#%])(?![\p{L}’'])|(?<![\p{L}’'])N(?='s)/gu, (sign) => {
      switch (sign) {
        case 'A':
          return fresh(adjectives)
        case 'N':
          return fresh(nouns)
        case 'Ns':
          return flavour === 'spanish' ? `${fresh(nouns)}s` : plural(fresh(nouns))
        case 'P':
          return fresh(places)
        case 'D':
          return fresh(doing)
        case 'F':
          return fresh(forms)
        case '#':
          return rng.pick(numbers)
        default:
          return String(rng.int(1, 24))
      }
    })
    .replace(/\b(The|the) the\b/gi, '$1')
    .replace(/\s+/g, ' ')
    .trim()
}

/** A title for an album: a track's, or a word or two of its own. */
export function albumTitle(flavour: FlavourName, artist: string, rng: Random): string {
  const { adjectives, nouns, places }: Flavour = FLAVOURS[flavour]
  const noun = (): string => rng.pick(nouns)
  return rng.pick<() => string>([
    () => trackTitle(flavour, rng),
    () => trackTitle(flavour, rng),
    () => (flavour === 'spanish' ? `${noun()}s` : plural(noun())),
    () => (flavour === 'spanish' ? `${noun()} y ${noun()}` : `${rng.pick(adjectives)} ${plural(noun())}`),
    () => noun(),
    () =>
      flavour === 'spanish'
        ? `${noun()} ${rng.pick(places)}`
        : `Live at ${rng.pick(TOWNS)} Hall`.replace('Live at', 'The') + ' Sessions',
    () => artist,
  ])()
}

function plural(noun: string): string {
  if (/[^s]s$/.test(noun)) return noun
  if (/(s|x|ch|sh)$/.test(noun)) return `${noun}es`
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`
  if (/lf$/.test(noun)) return `${noun.slice(0, -1)}ves`
  if (/woman$/i.test(noun)) return noun.replace(/an$/, 'en')
  return `${noun}s`
}

/** Lower-case ASCII letters, digits and hyphens: the same on every file system. */
export function fileName(title: string): string {
  const plain = title.normalize('NFD').replace(/[\u0300-\u036f’']/g, '')
  return plain
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
}
