import { Random } from '../../random/index.js'
import type { ListeningRow } from '../listening/matrix.js'
import type { WorldArtist, WorldTrack } from './facts.js'
import { Popularity } from './popularity.js'

export interface WorldListeningOptions {
  readonly seed: number
  /** @default as many as there are tracks */
  readonly listeners?: number
}

/** Plays of a listener: at least, at most, and how long the tail is between them. */
const PLAYS = { least: 25, most: 4000, tail: 0.75 }
/** Nobody hears more of the world. */
const MOST_HEARD = 0.2
/** Tracks that are looked at before one is taken that does not please. */
const TRIES = 12
const FAVOURITE = 0.3

/** What a listener likes. */
interface Taste {
  /** Numbers of styles, the dearest first. */
  readonly styles: readonly number[]
  readonly artists: readonly number[]
  readonly moods: ReadonlySet<string>
  /** 0 to 1. */
  readonly energy: number
  /** Octaves above 110 beats a minute. */
  readonly pace: number
  /** Chance to hear something of no style that they like. */
  readonly adventure: number
  /** Chance that a play is of something new. */
  readonly novelty: number
}

/**
 * Listening histories of simulated listeners. Each has a few styles, favourite artists and moods, an energy and a tempo that
 * please, and more or less adventure. Play by play they hear something again, the more likely the more often they did (Simon
 * 1955: counts get a long tail), or something new: by a favourite artist, or by fame within a style they like, or at
 * times by fame alone; what suits mood, energy and tempo is heard rather than what does not. How much they listen and how
 * famous artists and tracks are has long tails too. Listener i is the same whatever the number of listeners.
 */
export function* worldListening(
  tracks: Iterable<WorldTrack>,
  artists: Iterable<WorldArtist>,
  { seed, listeners }: WorldListeningOptions,
): Generator<ListeningRow> {
  const popularity = new Popularity(tracks, artists, seed)
  const total = popularity.tracks.length
  if (total === 0) return
  const count = listeners ?? total
  const digits = Math.max(4, String(count).length)
  for (let number = 1; number <= count; number++) {
    const rng = new Random(`${seed}/listener/${number}`)
    const taste = tasteOf(rng.fork('taste'), popularity)
    const user = `listener-${String(number).padStart(digits, '0')}`
    const heard = [...history(rng.fork('plays'), taste, popularity)].sort((a, b) => a[0] - b[0])
    for (const [track, plays] of heard) yield { user, item: popularity.tracks[track].id, count: plays }
  }
}

function tasteOf(rng: Random, popularity: Popularity): Taste {
  const { tracks } = popularity
  const styles = new Set<number>()
  const wanted = rng.int(1, 4)
  for (let tries = 0; styles.size < wanted && tries < 20; tries++) styles.add(popularity.drawStyle(rng))
  const dear = [...styles]
  const artists = Array.from({ length: rng.int(2, 8) }, () => popularity.drawArtist(rng, rng.pick(dear)))
  const moods = new Set<string>()
  const moodCount = rng.int(2, 4)
  for (let tries = 0; moods.size < moodCount && tries < 20; tries++)
    moods.add(rng.pick(tracks[popularity.drawInStyle(rng, rng.pick(dear))].moods))
  // A leaning that what they like has too: who likes ambient music does not long for noise.
  const typical = tracks[popularity.drawInStyle(rng, dear[0])]
  return {
    styles: dear,
    artists,
    moods,
    energy: Math.min(1, Math.max(0, typical.energy + 0.15 * rng.gauss())),
    pace: typical.pace + 0.2 * rng.gauss(),
    adventure: 0.02 + 0.28 * rng.next() ** 2,
    novelty: rng.between(0.3, 0.6),
  }
}

/** Tracks and how often each was played. */
function history(rng: Random, taste: Taste, popularity: Popularity): Map<number, number> {
  const plays = Math.min(PLAYS.most, Math.floor(PLAYS.least * (1 - rng.next()) ** -PLAYS.tail))
  const most = Math.max(1, Math.floor(MOST_HEARD * popularity.tracks.length))
  const played: number[] = []
  const counts = new Map<number, number>()
  for (let play = 0; play < plays; play++) {
    const anew = played.length === 0 || (counts.size < most && rng.chance(taste.novelty))
    const track = anew ? discover(rng, taste, popularity) : again(rng, taste, popularity, played)
    played.push(track)
    counts.set(track, (counts.get(track) ?? 0) + 1)
  }
  return counts
}

function discover(rng: Random, taste: Taste, popularity: Popularity): number {
  let track = 0
  for (let tries = 0; tries < TRIES; tries++) {
    if (rng.chance(taste.adventure)) return popularity.drawTrack(rng)
    if (rng.chance(FAVOURITE)) track = popularity.drawOfArtist(rng, rng.pick(taste.artists))
    else {
      // The dearest style as often as all others, the second half as often, and so on.
      let place = 0
      while (place < taste.styles.length - 1 && rng.chance(0.5)) place++
      track = popularity.drawInStyle(rng, taste.styles[place])
    }
    if (rng.chance(pleases(taste, popularity.tracks[track]))) return track
  }
  return track
}

/** What was played often, and of that what pleases. */
function again(rng: Random, taste: Taste, { tracks }: Popularity, played: readonly number[]): number {
  const track = rng.pick(played)
  return rng.chance(0.2 + 0.8 * pleases(taste, tracks[track])) ? track : rng.pick(played)
}

/** 0 to 1. */
function pleases(
  { moods, energy, pace }: Taste,
  track: { readonly moods: readonly string[]; readonly energy: number; readonly pace: number },
): number {
  const mood = track.moods.some((word) => moods.has(word)) ? 1 : 0.35
  const apart = ((track.energy - energy) / 0.25) ** 2 + ((track.pace - pace) / 0.5) ** 2
  return mood * Math.exp(-apart / 2)
}
