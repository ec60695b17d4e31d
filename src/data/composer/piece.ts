import { caption, tagsOf, tempoWord } from './caption.js'
import { layOut, songForm } from './form.js'
import { Random } from '../../random/index.js'
import type { Score } from './score.js'
import { FOUR_FOUR, type Style } from './style.js'
import { keyName, type Key, type Mode } from './theory.js'
import { beatOf, write } from './write.js'

/** Everything that is known of a piece, as its composer knows it. */
export interface PieceInfo {
  title: string
  artist: string
  album: string
  year: number
  /** 1 is the first of its album. */
  track: number
  style: string
  genre: string
  /** Style, instruments, moods, tempo and more, as single words or short phrases. */
  tags: string[]
  moods: string[]
  /** Beats per minute, beats of the metre. */
  bpm: number
  tempo: string
  /** "A minor" */
  key: string
  mode: Mode
  /** "4/4" */
  metre: string
  /** Names, the leading ones first, each once. */
  instruments: string[]
  /** "A A B A" */
  form: string
  /** 0 (hushed) to 1 (full). */
  energy: number
  /** One or two sentences that are true. */
  caption: string
  seed: string
  variant: number
}

export interface Piece {
  info: PieceInfo
  score: Score
}

export interface ComposeOptions {
  seed: string | number
  /** Which piece of the style: neighbours differ in mood, players, key and tempo. */
  variant: number
}

/** Year of the recordings: that in which they were composed. */
const YEAR = 2026
/** Composes a piece in a style: the same options give the same piece, note for note. */
export function compose(style: Style, { seed, variant }: ComposeOptions): Piece {
  const root = new Random(`${seed}/${style.id}`)
  const rng = root.fork(`piece ${variant}`)
  const mood = style.moods[variant % style.moods.length]
  const round = Math.floor(variant / style.moods.length)
  // Moods and players turn at different speeds, so that all pairs come up.
  const band = style.ensembles[(variant + round) % style.ensembles.length]
  const tonics = root.fork(`keys`).shuffle(style.tonics ?? [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
  const key: Key = { tonic: tonics[variant % tonics.length], mode: mood.mode }
  const metre = mood.metre ?? style.metre ?? FOUR_FOUR
  const pulse = rng.int(mood.tempo[0], mood.tempo[1])
  const form = songForm(style, { metre, bpm: pulse * beatOf(metre) })
  const sections = layOut(style, form, { mood, key, metre, rng: rng.fork('form') })

  const names = root.fork('names')
  const firsts = names.shuffle(style.titles.first)
  const seconds = names.shuffle(style.titles.second)
  const turn = Math.floor(variant / firsts.length)
  const title = `${firsts[variant % firsts.length]} ${seconds[(variant + turn) % seconds.length]}`
  const artist = style.artists[variant % style.artists.length]
  const { score, players } = write(style, { title, mood, band, key, metre, pulse, sections, rng })
  const tempo = tempoWord(pulse, metre)
  const facts = { style, mood, key, metre, band, players, bpm: pulse, tempo }
  const info: PieceInfo = {
    title,
    artist,
    album: `Demo Library: ${style.name.charAt(0).toUpperCase()}${style.name.slice(1)}`,
    year: YEAR,
    track: variant + 1,
    style: style.id,
    genre: style.genre,
    tags: tagsOf(facts),
    moods: [...mood.words],
    bpm: pulse,
    tempo,
    key: keyName(key),
    mode: key.mode,
    metre: `${metre.count}/${metre.unit}`,
    instruments: players.map(({ instrument: { name } }) => name),
    form: sections
      .filter(({ label }) => label !== 'end')
      .map(({ label }) => label)
      .join(' '),
    energy: mood.energy,
    caption: caption(facts, rng.fork('caption')),
    seed: String(seed),
    variant,
  }
  return { info, score }
}
