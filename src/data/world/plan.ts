import { Random } from '../../random/index.js'
import type { InstrumentId } from '../composer/instruments.js'
import { instrument } from '../composer/instruments.js'
import type { Style } from '../composer/style.js'
import { planRecording, type Recording } from './era.js'
import type { WorldArtist } from './facts.js'
import { drawManner } from './manner.js'
import { albumTitle, artistName, fileName, freshName, trackTitle } from './names.js'
import { PLACES, WORLD_STYLES, type Place } from './repertoire.js'

export interface WorldOptions {
  /** How many. */
  pieces: number
  /** @default 1 */
  seed?: string | number
}

/** What is decided of a piece before it is composed. */
export interface TrackPlan {
  /** From 0. */
  readonly index: number
  readonly id: string
  readonly title: string
  readonly artist: PlannedArtist
  readonly album: string
  readonly year: number
  readonly number: number
  readonly style: Style
  readonly recording: Recording
  /** 0 to 1: which of an artist's moods its album leans to. */
  readonly albumMood: number
  readonly random: Random
}

export interface PlannedArtist extends WorldArtist {
  readonly index: number
  /** Players by style id: those that it plays with most. */
  readonly bands: Readonly<Record<string, Readonly<Record<string, InstrumentId>>>>
  /** One an album. */
  readonly albumYears: readonly number[]
  /** 0 to 1: which of the sound banks it is played with. */
  readonly voice: number
  /** Its first piece, and the one behind its last. */
  readonly from: number
  readonly to: number
}

export interface WorldPlan {
  readonly pieces: number
  readonly seed: string
  readonly artists: readonly PlannedArtist[]
  /** @param index from 0, below `pieces` */
  track(index: number): TrackPlan
}

const PIECES_AN_ARTIST = 11 // in a world that is large enough
const LEAST_ARTISTS_A_STYLE = 2
const MAIN_SHARE = [0.75, 0.9] as const
const SECOND_STYLE = 0.45 // probability that an artist has one
const ALBUM_PIECES = 6 // about

/** Artists, albums and tracks of a world; nothing is composed yet. The same pieces and seed give the same world. */
export function planWorld({ pieces, seed = 1 }: WorldOptions): WorldPlan {
  if (!Number.isSafeInteger(pieces) || pieces < 1)
    throw new RangeError(`A world has 1 piece or more, not ${pieces}`)
  const root = new Random(`world ${seed}`)
  const count = Math.max(
    Math.round(pieces / PIECES_AN_ARTIST),
    Math.min(pieces, LEAST_ARTISTS_A_STYLE * WORLD_STYLES.length),
  )
  const weights = Array.from({ length: count }, (_, i) => root.fork(`weight ${i}`).between(8, 14))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const styles = root.fork('styles').shuffle(WORLD_STYLES)
  const names = new Set<string>()
  const bounds: number[] = []
  let passed = 0
  for (const [i, weight] of weights.entries()) {
    // Nobody is without a piece, so that those who come later have one each left.
    const least = i === 0 ? 0 : bounds[i - 1] + 1
    bounds.push(Math.min(pieces - (count - i), Math.max(least, Math.round((pieces * passed) / total))))
    passed += weight
  }
  const artists = weights.map((_, i) =>
    planArtist(styles[i % styles.length], root.fork(`artist ${i}`), names, {
      index: i,
      from: bounds[i],
      to: bounds[i + 1] ?? pieces,
    }),
  )
  const discographies = new Map<number, readonly TrackPlan[]>()
  return {
    pieces,
    seed: String(seed),
    artists,
    track(index) {
      const artist = artists[lastNotAbove(bounds, index)]
      let tracks = discographies.get(artist.index)
      if (!tracks) {
        discographies.clear() // pieces are asked for in order: the last artist is enough
        tracks = planTracks(artist, root.fork(`artist ${artist.index}`))
        discographies.set(artist.index, tracks)
      }
      return tracks[index - artist.from]
    },
  }
}

function lastNotAbove(bounds: readonly number[], index: number): number {
  let [low, high] = [0, bounds.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (bounds[middle] <= index) low = middle
    else high = middle - 1
  }
  return low
}

function planArtist(
  main: Style,
  random: Random,
  names: Set<string>,
  place: { index: number; from: number; to: number },
): PlannedArtist {
  const rng = random.fork('who')
  const { artists, flavour, people, near, years } = PLACES[main.id]
  // Two artists of one name, or of one folder, would be one.
  const name = freshName(() => artistName(artists, { flavour, people }, rng), names)
  names.add(fileName(name))
  const second =
    place.to - place.from >= 4 && near.length > 0 && rng.chance(SECOND_STYLE)
      ? styleOf(rng.pick(near))
      : undefined
  const share = second ? Number(rng.between(...MAIN_SHARE).toFixed(2)) : 1
  const styles = [
    { id: main.id, share },
    ...(second ? [{ id: second.id, share: Number((1 - share).toFixed(2)) }] : []),
  ]
  const bands = Object.fromEntries(styles.map(({ id }) => [id, rng.pick(styleOf(id).ensembles)]))
  const first = Math.max(...styles.map(({ id }) => PLACES[id].years[0]))
  const last = Math.min(...styles.map(({ id }) => PLACES[id].years[1]), years[1])
  const debut = rng.int(first, Math.max(first, last - 2))
  const albums = albumCount(place.to - place.from, rng)
  const dates = [debut]
  while (dates.length < albums) dates.push(Math.min(last, (dates.at(-1) as number) + rng.int(1, 5)))
  return {
    ...place,
    name,
    styles,
    manner: drawManner(rng),
    instruments: [...new Set(Object.values(bands[main.id]).map((id) => instrument(id).name))],
    years: [debut, dates.at(-1) as number],
    albumYears: dates,
    bands,
    voice: rng.next(),
  }
}

function albumCount(pieces: number, rng: Random): number {
  const wanted = Math.round(pieces / ALBUM_PIECES + rng.between(-0.6, 0.6))
  return Math.max(1, Math.min(3, wanted, pieces))
}

function styleOf(id: string): Style {
  return WORLD_STYLES.find((style) => style.id === id) as Style
}

/** All tracks of an artist, album by album. */
function planTracks(artist: PlannedArtist, random: Random): TrackPlan[] {
  const rng = random.fork('discography')
  const count = artist.to - artist.from
  const albums = artist.albumYears.length
  const titles = new Set<string>()
  const folders = new Set<string>()
  const tracks: TrackPlan[] = []
  const main = PLACES[artist.styles[0].id]
  for (const [a, year] of artist.albumYears.entries()) {
    const size = Math.floor(((a + 1) * count) / albums) - Math.floor((a * count) / albums)
    const album = freshName(() => albumTitle(main.flavour, artist.name, rng), folders)
    folders.add(fileName(album))
    const recording = planRecording(
      { year, loFi: year >= 1995 && rng.chance(main.loFi ?? 0.08), ...artist.manner },
      rng,
    )
    const albumMood = rng.next()
    for (let number = 1; number <= size; number++) {
      const style = styleOf(
        (rng.next() < artist.styles[0].share ? artist.styles[0] : artist.styles.at(-1)!).id,
      )
      const title = freshTitle(
        PLACES[style.id],
        number === 1 && rng.chance(0.3) ? album : undefined,
        titles,
        artist,
        rng,
      )
      const index = artist.from + tracks.length
      tracks.push({
        index,
        id: `${fileName(artist.name)}/${fileName(album)}/${String(number).padStart(2, '0')}-${fileName(title)}`,
        title,
        artist,
        album,
        year,
        number,
        style,
        recording,
        albumMood,
        random: random.fork(`track ${tracks.length}`),
      })
    }
  }
  return tracks
}

function freshTitle(
  { flavour }: Place,
  wish: string | undefined,
  taken: Set<string>,
  artist: PlannedArtist,
  rng: Random,
): string {
  const wanted = wish !== undefined && wish !== artist.name && !taken.has(fileName(wish)) ? wish : undefined
  const title = wanted ?? freshName(() => trackTitle(flavour, rng), taken)
  taken.add(fileName(title))
  return title
}
