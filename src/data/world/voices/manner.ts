import type { Random } from '../../../random/index.js'
import { list, type Facts } from '../../../text/index.js'
import { isMajor } from '../../composer/theory.js'
import { TRAITS, type Trait, type WorldArtist, type WorldTrack } from '../facts.js'

/** What an artist who leans so is known for: the low end of a trait, and the high. */
const KNOWN_FOR: Readonly<Record<Trait, readonly [low: readonly string[], high: readonly string[]]>> = {
  tempo: [
    ['slow tempos', 'unhurried tempos', 'a leisurely gait'],
    ['quick tempos', 'a preference for speed', 'brisk tempos'],
  ],
  energy: [
    ['restraint', 'understatement', 'quiet dynamics'],
    ['sheer energy', 'a full, forceful sound', 'playing at full tilt'],
  ],
  mode: [
    ['minor keys', 'a taste for minor keys', 'dark harmony'],
    ['major keys', 'sunny harmony', 'a taste for major keys'],
  ],
  brightness: [
    ['a dark, rounded tone', 'warm, muted colours', 'a soft top end'],
    ['a bright tone', 'a crisp top end', 'bright, clear colours'],
  ],
  room: [
    ['dry, close recordings', 'a close, dry sound', 'recording with little reverberation'],
    ['spacious recordings', 'generous reverberation', 'a love of big rooms'],
  ],
  drive: [
    ['a clean sound', 'clean tones', 'an unforced, clean tone'],
    ['a rough, driven sound', 'overdriven tones', 'a taste for saturation'],
  ],
  looseness: [
    ['tight playing', 'exact timing', 'precision'],
    ['loose timing', 'a relaxed, human timing', 'playing that breathes'],
  ],
}

/** A trait that leans less is not what one knows an artist for. */
const MARKED = 0.35

/** How the artist plays, and whether a piece is like it in tempo, energy or mode. */
export function mannerFacts(artist: WorldArtist, track: WorldTrack, random: Random): Facts {
  const marked = TRAITS.filter((trait) => Math.abs(artist.manner[trait]) >= MARKED)
  const known = random.shuffle(marked).slice(0, 2)
  const side = (trait: Trait): 0 | 1 => (artist.manner[trait] > 0 ? 1 : 0)
  const phrases = known.map((trait) => random.pick(KNOWN_FOR[trait][side(trait)]))
  const heard: Partial<Record<Trait, -1 | 0 | 1>> = {
    tempo: /slow/.test(track.tempo) ? -1 : /fast|upbeat/.test(track.tempo) ? 1 : 0,
    energy: track.energy < 0.42 ? -1 : track.energy > 0.68 ? 1 : 0,
    mode: isMajor(track.mode) ? 1 : -1,
  }
  const told = random.shuffle(marked.filter((trait) => heard[trait]))
  const like = told.find((trait) => Math.sign(artist.manner[trait]) === heard[trait])
  const unlike = told.find((trait) => Math.sign(artist.manner[trait]) === -heard[trait]!)
  return {
    knownfor: phrases[0],
    knownforboth: phrases.length > 1 ? list(phrases) : undefined,
    usual: like && random.pick(ADJECTIVES[like as Heard][side(like)]),
    unusual: unlike && random.pick(ADJECTIVES[unlike as Heard][1 - side(unlike)]),
    signature: artist.instruments.length > 0 ? random.pick(artist.instruments) : undefined,
    first: String(artist.years[0]),
    last: artist.years[1] > artist.years[0] ? String(artist.years[1]) : undefined,
  }
}

type Heard = 'tempo' | 'energy' | 'mode'

/** How such a piece is, beside others. */
const ADJECTIVES: Readonly<Record<Heard, readonly [readonly string[], readonly string[]]>> = {
  tempo: [
    ['slow', 'unhurried'],
    ['quick', 'fast-moving'],
  ],
  energy: [
    ['restrained', 'quiet'],
    ['forceful', 'full-blooded'],
  ],
  mode: [
    ['minor-key', 'dark-hued'],
    ['bright', 'sunny'],
  ],
}
