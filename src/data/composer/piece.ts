import { layChords, progressionBars } from './harmony.js'
import { instrument } from './instruments.js'
import { caption, tagsOf, tempoWord } from './caption.js'
import { perform } from './performance.js'
import { Random } from '../../random/index.js'
import { barBeats, type Metre, type Score } from './score.js'
import { Session, type Section } from './session.js'
import { FOUR_FOUR, type Mood, type Style } from './style.js'
import { isMajor, keyName, type Key, type Mode } from './theory.js'

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
const TARGET_SECONDS = 32
const SHORTEST_SECONDS = 29.5
const CLOSING_SECONDS = 2.4

const FORMS: Record<number, string> = {
  1: 'A',
  2: 'A B',
  3: 'A B A',
  4: 'A A B A',
  5: 'A A B B A',
  6: 'A A B A B A',
  7: 'intro A A B B A A',
  8: 'intro A A B A A B A',
  9: 'intro A A B B A A B A',
}

/** How full a section is beside its piece: the middle rises, the last one most. */
const LABEL_ENERGY: Record<string, number> = { intro: -0.3, A: -0.05, B: 0.15, break: -0.35, drop: 0.2 }

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
  const beat = metre.unit === 8 && metre.count % 3 === 0 ? 1.5 : 4 / metre.unit
  const pulse = rng.int(mood.tempo[0], mood.tempo[1])
  const bpm = pulse * beat
  const sections = layOut(style, { mood, key, metre, bpm, rng: rng.fork('form') })
  const session = new Session({ rng: rng.fork('arrange'), key, metre, bpm, sections, energy: mood.energy })
  style.arrange(session, band)

  const names = root.fork('names')
  const firsts = names.shuffle(style.titles.first)
  const seconds = names.shuffle(style.titles.second)
  const turn = Math.floor(variant / firsts.length)
  const title = `${firsts[variant % firsts.length]} ${seconds[(variant + turn) % seconds.length]}`
  const artist = style.artists[variant % style.artists.length]
  const score = perform(session, title, rng.fork('perform'))
  const instruments = [...new Set(score.parts.map((part) => instrument(part.instrument).name))]
  const players = instruments.map((name) => {
    const parts = score.parts.filter((part) => instrument(part.instrument).name === name)
    return { instrument: instrument(parts[0].instrument), count: parts.length }
  })
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
    instruments,
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

/** How many sections come nearest to the wanted length, without falling short of the shortest. */
function sectionCount(sectionSeconds: number, closingSeconds: number): number {
  const counts = Object.keys(FORMS).map(Number)
  const length = (count: number): number => count * sectionSeconds + closingSeconds
  const enough = counts.filter((count) => length(count) >= SHORTEST_SECONDS)
  const off = (count: number): number => Math.abs(length(count) - TARGET_SECONDS)
  return enough.reduce(
    (best, count) => (off(count) < off(best) ? count : best),
    enough[0] ?? Math.max(...counts),
  )
}

/** Divides the piece into sections with their chords, about half a minute of them, and a closing chord. */
function layOut(
  style: Style,
  { mood, key, metre, bpm, rng }: { mood: Mood; key: Key; metre: Metre; bpm: number; rng: Random },
): Section[] {
  const beats = barBeats(metre)
  const barSeconds = (beats * 60) / bpm
  const wanted = TARGET_SECONDS / barSeconds
  const bars = style.sectionBars ?? (wanted < 10 ? 2 : wanted < 27 ? 4 : 8)
  const closing = Math.max(1, Math.round(CLOSING_SECONDS / barSeconds))
  const count = sectionCount(bars * barSeconds, closing * barSeconds)
  const labels = (style.forms?.[count] ?? FORMS[count]).split(' ')
  const charts = new Map<string, string>()
  const chartOf = (label: string): string => {
    const known = charts.get(label)
    if (known) return known
    const byMode = style.harmony[key.mode] ?? style.harmony[isMajor(key.mode) ? 'major' : 'minor']
    if (!byMode) throw new RangeError(`Style "${style.id}" has no harmony for ${key.mode}`)
    const choices = byMode[label] ?? byMode['A']
    const chosen = byMode[label] ? rng.pick(choices) : chartOf('A')
    charts.set(label, chosen)
    return chosen
  }
  const rounds = new Map<string, number>()
  const sections: Section[] = []
  let at = 0
  labels.forEach((label, index) => {
    const round = rounds.get(label) ?? 0
    rounds.set(label, round + 1)
    const lift = (LABEL_ENERGY[label] ?? 0) + 0.06 * round
    const energy = Math.max(0.05, Math.min(1, mood.energy + lift))
    // A progression longer than its section goes on where the section returns; the last section ends with it.
    const chart = chartOf(label)
    const length = progressionBars(chart)
    const from = index === labels.length - 1 ? Math.max(0, length - bars) : (round * bars) % length
    const chords = layChords(chart, { key, at, bars, barBeats: beats, from })
    sections.push({ label, at, bars, beats: bars * beats, chords, energy, round, index })
    at += bars * beats
  })
  const tonic = (style.harmony[key.mode]?.['end'] ?? [isMajor(key.mode) ? 'I' : 'i'])[0]
  sections.push({
    label: 'end',
    at,
    bars: 1,
    beats: closing * beats,
    chords: layChords(tonic, { key, at, bars: 1, barBeats: closing * beats }),
    energy: Math.max(0.1, mood.energy),
    round: 0,
    index: sections.length,
  })
  return sections
}
