import type { Random } from '../../../random/index.js'
import { list, type Facts } from '../../../text/index.js'
import { counted, isPlural } from '../../composer/caption.js'
import { isMajor } from '../../composer/theory.js'
import type { WorldArtist, WorldInstrument, WorldTrack } from '../facts.js'
import { absences } from './absences.js'
import { genreFacts } from './genres.js'
import { mannerFacts } from './manner.js'
import { moodFlags } from './moods.js'

const ORDINALS = [
  'first',
  'second',
  'third',
  'fourth',
  'fifth',
  'sixth',
  'seventh',
  'eighth',
  'ninth',
  'tenth',
]
const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight']
const PACES: Readonly<Record<string, string>> = {
  'mid-tempo': 'moderate',
  upbeat: 'brisk',
  'very fast': 'breakneck',
}
const HURRIES: Readonly<Record<string, string>> = {
  'very slow': 'very slowly',
  slow: 'slowly',
  'mid-tempo': 'at an easy walk',
  upbeat: 'briskly',
  fast: 'fast',
  'very fast': 'very fast',
}

/** Words of a recording that are things one hears, and those that say how wide it is; the others are how it sounds. */
const HEARD = /^(.* (crackle|hiss|bass|noise|hum|reverb)|wow and flutter|chorus)$/
const WIDTHS = /(mono|stereo)$/
const OLD = 'old recording'
const NARROW = 'narrow band'

/**
 * What the voices may say of a piece: slots of their templates, flags among them (see `Grammar`). All of it follows from the
 * facts; what is chosen among several, such as which moods are named, follows from the random numbers.
 */
export function sayable(track: WorldTrack, artist: WorldArtist, random: Random): Facts {
  const moods = random.shuffle(track.moods)
  const counts = track.metre.split('/').map(Number)
  return {
    title: track.title,
    artist: artist.name,
    album: track.album,
    year: String(track.year),
    ordinal: ORDINALS[track.number - 1],
    ...genreFacts(track),
    mood: moods[0],
    othermood: moods[1],
    moods: list(moods.slice(0, 2)),
    commamoods: moods.slice(0, 2).join(', '),
    ...moodFlags(track),
    bpm: String(track.bpm),
    tempo: track.tempo,
    pace: PACES[track.tempo] ?? track.tempo,
    hurry: HURRIES[track.tempo],
    slow: flag(/slow/.test(track.tempo)),
    quick: flag(/fast|upbeat/.test(track.tempo)),
    key: track.key,
    major: flag(track.mode === 'major'),
    minor: flag(track.mode === 'minor'),
    brightmode: flag(isMajor(track.mode)),
    modal: flag(track.mode !== 'major' && track.mode !== 'minor'),
    mode: track.mode,
    metre: track.metre,
    triple: flag(counts[0] === 3),
    compound: flag(counts[1] === 8),
    common: flag(track.metre === '4/4'),
    ...formFacts(track.form),
    ...castFacts(track.instruments, random),
    ...absences(track, random),
    detail: track.details.length > 0 ? random.pick(track.details) : undefined,
    ...productionFacts(track, random),
    ...mannerFacts(artist, track, random),
  }
}

/** A flag that is up, or none. */
export const flag = (holds: boolean): string | undefined => (holds ? '' : undefined)

function castFacts(instruments: readonly WorldInstrument[], random: Random): Facts {
  const names = instruments.map(({ name }) => name)
  const all = instruments.map(({ name, family, count }) => counted(name, family, count))
  const [first] = instruments
  const alone = instruments.length === 1 && !/section|voices|choir|strings|drums/.test(first.name)
  const others = instruments.slice(1)
  const other = others.length > 0 ? random.pick(others) : undefined
  const many = (instrument: WorldInstrument): boolean =>
    (isPlural(instrument.name) && !/percussion$/.test(instrument.name)) || isSeveral(instrument)
  const label = (instrument: WorldInstrument): string =>
    many(instrument) && !isPlural(instrument.name)
      ? counted(instrument.name, instrument.family, instrument.count).replace(/^(two|three|several) /, '')
      : instrument.name
  const players = instruments.reduce(
    (sum, instrument) => sum + (isSeveral(instrument) ? instrument.count : 1),
    0,
  )
  const families = new Set(instruments.map(({ family }) => family))
  return {
    cast: all.length <= 5 ? list(all) : undefined,
    bare: names.length <= 5 ? list(names) : undefined,
    few: names.length > 2 ? list(random.shuffle(names).slice(0, 2)) : undefined,
    lead: label(first),
    alead: counted(first.name, first.family, first.count),
    play: first.family === 'voice' ? 'sing' : 'play',
    single: flag(!many(first)),
    s: many(first) ? '' : 's',
    is: many(first) ? 'are' : 'is',
    has: many(first) ? 'have' : 'has',
    other: other && label(other),
    another: other && counted(other.name, other.family, other.count),
    others: other && (many(other) ? '' : 's'),
    otheris: other && (many(other) ? 'are' : 'is'),
    rest: others.length > 1 && others.length < 5 ? list(others.map(label)) : undefined,
    behind:
      others.length > 0 && others.length < 5
        ? list(others.map(({ name, family, count }) => counted(name, family, count)))
        : undefined,
    size: players > 1 && all.length <= 5 ? NUMBERS[players] : undefined,
    alone: flag(
      alone &&
        first.count < 3 &&
        (first.count === 1 || ['keyboard', 'organ', 'guitar'].includes(first.family)),
    ),
    drums: flag(families.has('drums')),
    bass: flag(families.has('bass')),
    guitar: flag(families.has('guitar')),
    piano: flag(names.some((name) => /^(piano|honky-tonk piano|electric piano)$/.test(name))),
    sax: flag(names.some((name) => /saxophone/.test(name))),
    synth: flag(families.has('synthesizer')),
    strings: flag(families.has('strings')),
    brass: flag(families.has('brass')),
    voices: flag(families.has('voice')),
  }
}

/** Whether its parts are so many players. */
function isSeveral({ name, family, count }: WorldInstrument): boolean {
  return counted(name, family, count) !== counted(name, family, 1)
}

function formFacts(form: string): Facts {
  const labels = form.split(' ')
  const plain = labels.length > 2 && labels.every((label) => /^[A-F]$/.test(label))
  return {
    form: plain && new Set(labels).size > 1 && labels.length <= 8 ? labels.join('') : undefined,
    intro: flag(labels[0] === 'intro'),
    drop: flag(labels.includes('drop')),
    breakdown: flag(labels.includes('break')),
    middle: flag(labels.join('').includes('ABA')),
  }
}

function productionFacts({ production: { era, room, words } }: WorldTrack, random: Random): Facts {
  const heard = random.shuffle(words.filter((word) => HEARD.test(word)))
  const sounds = random.shuffle(
    words.filter((word) => !HEARD.test(word) && !WIDTHS.test(word) && word !== OLD && word !== NARROW),
  )
  return {
    era,
    room,
    old: flag(words.includes(OLD)),
    narrow: flag(words.includes(NARROW)),
    width: words.find((word) => WIDTHS.test(word)),
    heard: heard[0],
    allheard: heard.length > 1 ? list(heard.slice(0, 2)) : undefined,
    sound: sounds[0],
    sounds: sounds.length > 1 ? list(sounds.slice(0, 2)) : undefined,
  }
}
