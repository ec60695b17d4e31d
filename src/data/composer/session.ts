import type { ChordSpan } from './harmony.js'
import type { InstrumentId } from './instruments.js'
import type { Random } from '../../random/index.js'
import type { Metre, Part } from './score.js'
import { instrument } from './instruments.js'
import { barBeats } from './score.js'
import type { Key } from './theory.js'

/** A stretch of the form: times in quarter notes from the start of the piece. */
export interface Section {
  /** 'A', 'B', 'intro', …; 'end' is the closing chord. */
  label: string
  at: number
  bars: number
  beats: number
  chords: ChordSpan[]
  /** 0 (hushed) to 1 (full). */
  energy: number
  /** How often this label has come before. */
  round: number
  index: number
}

export interface SessionPlan {
  rng: Random
  key: Key
  metre: Metre
  bpm: number
  sections: Section[]
  energy: number
  /** @default false */
  varied?: boolean
}

/** The room in which a style's arranger works: the plan of the piece, and the parts written so far. */
export class Session {
  readonly rng: Random
  readonly key: Key
  readonly metre: Metre
  readonly barBeats: number
  readonly sections: readonly Section[]
  readonly energy: number
  readonly parts: Part[] = []
  tempo: { at: number; bpm: number }[]
  readonly bpm: number
  /** Swing of the whole band: `unit` in quarter notes, ratio 0.5 (straight) to 0.67 (triplets). */
  groove: { unit: number; ratio: number } | undefined

  readonly #varied: Random | undefined
  readonly #chosen = new Map<string, unknown>()

  /** The room: seconds until an echo has fallen by 60 dB. */
  room = 1.4
  /** Saturation of the mix: 0 is clean, 1 is crushed. */
  drive = 0

  constructor({ rng, key, metre, bpm, sections, energy, varied = false }: SessionPlan) {
    this.rng = rng
    this.key = key
    this.metre = metre
    this.barBeats = barBeats(metre)
    this.bpm = bpm
    this.tempo = [{ at: 0, bpm }]
    this.sections = sections
    this.energy = energy
    this.#varied = varied ? rng.fork('vary') : undefined
  }

  /** Randomness for what makes a piece differ from others of its style; none where the first of all options is to be played. */
  get variety(): Random | undefined {
    return this.#varied
  }

  /** One of several ways to play: the same for a name throughout the piece, and the first one unless the piece is varied. */
  vary<T>(name: string, ...options: readonly [T, ...T[]]): T {
    if (!this.#varied) return options[0]
    if (!this.#chosen.has(name)) this.#chosen.set(name, this.#varied.fork(name).pick(options))
    return this.#chosen.get(name) as T
  }

  /** The sections before the closing chord. */
  get body(): Section[] {
    return this.sections.filter((section) => section.label !== 'end')
  }

  get ending(): Section {
    return this.sections.at(-1) as Section
  }

  get beats(): number {
    return this.ending.at + this.ending.beats
  }

  /** The section sounding before this one. */
  before(section: Section): Section | undefined {
    return this.sections[section.index - 1]
  }

  /** Calls a player in. Levels are 0 to 1 of the mix, pan -1 (left) to 1. */
  part(id: InstrumentId, mix: Partial<Omit<Part, 'instrument' | 'notes' | 'controls'>> = {}): Part {
    const part: Part = {
      instrument: id,
      notes: [],
      controls: [],
      level: 0.8,
      pan: 0,
      reverb: 0.3,
      chorus: 0,
      echo: 0,
      looseness: instrument(id).family === 'synthesizer' ? 2 : 7,
      late: 0,
      ...mix,
    }
    this.parts.push(part)
    return part
  }

  /** Slows down over the last `beats` quarter notes to `ratio` of the tempo. */
  ritardando(beats: number, ratio: number): void {
    const start = Math.max(0, this.ending.at - beats)
    const steps = Math.max(2, Math.round(beats * 2))
    for (let i = 1; i <= steps; i++) {
      const share = i / steps
      this.tempo.push({
        at: start + (beats * i) / steps,
        bpm: Math.round(this.bpm * (1 - (1 - ratio) * share * share) * 100) / 100,
      })
    }
  }

  /** Breathes with the phrases: a little slower where one begins and ends. `depth` 0.05 is 5 per cent. */
  rubato(phraseBars: number, depth: number): void {
    const phrase = phraseBars * this.barBeats
    for (let at = 0; at < this.ending.at - phrase / 2; at += this.barBeats / 2) {
      const phase = (at % phrase) / phrase
      const lean = 4 * phase * (1 - phase) // 0 at the ends, 1 in the middle
      const bpm = this.bpm * (1 - depth + 1.6 * depth * lean + 0.3 * depth * this.rng.gauss())
      this.tempo.push({ at, bpm: Math.round(bpm * 100) / 100 })
    }
    this.tempo = this.tempo.filter((change, i) => i === 0 || change.at > 0)
  }
}
