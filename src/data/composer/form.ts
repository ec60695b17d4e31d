import { layChords, progressionBars } from './harmony.js'
import type { Random } from '../../random/index.js'
import { barBeats, type Metre } from './score.js'
import type { Section } from './session.js'
import type { Mood, Style } from './style.js'
import { isMajor, type Key } from './theory.js'

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
const LABEL_ENERGY: Record<string, number> = {
  intro: -0.3,
  A: -0.05,
  B: 0.15,
  C: 0.02,
  solo: 0.1,
  break: -0.35,
  drop: 0.2,
}

/** A stretch of the form before it has chords: "A", 4 bars. */
export interface Stretch {
  label: string
  bars: number
}

export interface Form {
  stretches: readonly Stretch[]
  /** Length of the closing chord, in quarter notes. */
  closing: number
}

/** Bars of a section: as the style wants it, or so many that a section is neither a moment nor the whole piece. */
export function sectionBars(style: Style, barSeconds: number): number {
  const wanted = TARGET_SECONDS / barSeconds
  return style.sectionBars ?? (wanted < 10 ? 2 : wanted < 27 ? 4 : 8)
}

/** About half a minute of sections, all of one length, and a closing chord. */
export function songForm(style: Style, { metre, bpm }: { metre: Metre; bpm: number }): Form {
  const beats = barBeats(metre)
  const barSeconds = (beats * 60) / bpm
  const bars = sectionBars(style, barSeconds)
  const closing = Math.max(1, Math.round(CLOSING_SECONDS / barSeconds))
  const count = sectionCount(bars * barSeconds, closing * barSeconds)
  const labels = (style.forms?.[count] ?? FORMS[count]).split(' ')
  return { stretches: labels.map((label) => ({ label, bars })), closing: closing * beats }
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

export interface LayOutOptions {
  mood: Mood
  key: Key
  metre: Metre
  rng: Random
  /** How far sections rise and fall beside their piece. @default 1 */
  contrast?: number
}

/** Gives the stretches of a form their chords and their energy, and adds the closing chord. */
export function layOut(
  style: Style,
  { stretches, closing }: Form,
  { mood, key, metre, rng, contrast = 1 }: LayOutOptions,
): Section[] {
  const beats = barBeats(metre)
  const chartOf = charts(style, key, rng)
  const rounds = new Map<string, number>()
  const sections: Section[] = []
  let at = 0
  stretches.forEach(({ label, bars }, index) => {
    const round = rounds.get(label) ?? 0
    rounds.set(label, round + 1)
    const lift = (LABEL_ENERGY[label] ?? 0) * contrast + 0.06 * round
    const energy = Math.max(0.05, Math.min(1, mood.energy + lift))
    // A progression longer than its section goes on where the section returns; the last section ends with it.
    const chart = chartOf(label)
    const length = progressionBars(chart)
    const from = index === stretches.length - 1 ? Math.max(0, length - bars) : (round * bars) % length
    const chords = layChords(chart, { key, at, bars, barBeats: beats, from })
    sections.push({ label, at, bars, beats: bars * beats, chords, energy, round, index })
    at += bars * beats
  })
  const tonic = (style.harmony[key.mode]?.['end'] ?? [isMajor(key.mode) ? 'I' : 'i'])[0]
  sections.push({
    label: 'end',
    at,
    bars: 1,
    beats: closing,
    chords: layChords(tonic, { key, at, bars: 1, barBeats: closing }),
    energy: Math.max(0.1, mood.energy),
    round: 0,
    index: sections.length,
  })
  return sections
}

/** The progression of each label, chosen once. What has none of its own takes A's; C, a contrast, one that is not in use. */
function charts(style: Style, key: Key, rng: Random): (label: string) => string {
  const byMode = style.harmony[key.mode] ?? style.harmony[isMajor(key.mode) ? 'major' : 'minor']
  if (!byMode) throw new RangeError(`Style "${style.id}" has no harmony for ${key.mode}`)
  const chosen = new Map<string, string>()
  const chartOf = (label: string): string => {
    const known = chosen.get(label)
    if (known) return known
    const own = byMode[label]
    const others = Object.entries(byMode).flatMap(([name, list]) => (name === 'end' ? [] : list))
    const unused = others.filter((chart) => ![...chosen.values()].includes(chart))
    const chart = own
      ? rng.pick(own)
      : label === 'C' && unused.length > 0
        ? rng.pick(unused)
        : label === 'A'
          ? rng.pick(byMode['A'])
          : chartOf('A')
    chosen.set(label, chart)
    return chart
  }
  return chartOf
}
