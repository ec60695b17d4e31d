/** Pitch classes from C = 0; pitches as in MIDI, 60 = middle C. */
export const SCALES = {
  major: [0, 2, 4, 5, 7, 9, 11],
  minor: [0, 2, 3, 5, 7, 8, 10],
  harmonicMinor: [0, 2, 3, 5, 7, 8, 11],
  dorian: [0, 2, 3, 5, 7, 9, 10],
  phrygian: [0, 1, 3, 5, 7, 8, 10],
  phrygianDominant: [0, 1, 4, 5, 7, 8, 10],
  lydian: [0, 2, 4, 6, 7, 9, 11],
  mixolydian: [0, 2, 4, 5, 7, 9, 10],
  majorPentatonic: [0, 2, 4, 7, 9],
  minorPentatonic: [0, 3, 5, 7, 10],
  blues: [0, 3, 5, 6, 7, 10],
} as const

export type ScaleName = keyof typeof SCALES

/** The modes a piece can be in: seven notes each. */
export type Mode = 'major' | 'minor' | 'dorian' | 'phrygian' | 'lydian' | 'mixolydian'

export interface Key {
  /** Pitch class of the tonic. */
  readonly tonic: number
  readonly mode: Mode
}

const MAJOR_KEYS = ['C', 'D flat', 'D', 'E flat', 'E', 'F', 'F sharp', 'G', 'A flat', 'A', 'B flat', 'B']
const MINOR_KEYS = ['C', 'C sharp', 'D', 'E flat', 'E', 'F', 'F sharp', 'G', 'G sharp', 'A', 'B flat', 'B']

/** Whether the tonic triad of a mode is major. */
export function isMajor(mode: Mode): boolean {
  return SCALES[mode][2] === 4
}

/** "E flat major", "D dorian". */
export function keyName({ tonic, mode }: Key): string {
  const names = isMajor(mode) ? MAJOR_KEYS : MINOR_KEYS
  return `${names[mod12(tonic)]} ${mode}`
}

export function mod12(pitch: number): number {
  return ((pitch % 12) + 12) % 12
}

/** A chord: pitch classes from the root up, the bass among them. */
export interface Chord {
  readonly symbol: string
  readonly root: number
  /** Semitones above the root: 0 first. */
  readonly intervals: readonly number[]
  /** Pitch class of the lowest note. */
  readonly bass: number
}

const QUALITIES: Record<string, readonly number[]> = {
  maj: [0, 4, 7],
  min: [0, 3, 7],
  dim: [0, 3, 6],
  aug: [0, 4, 8],
  5: [0, 7],
  sus2: [0, 2, 7],
  sus4: [0, 5, 7],
  '7sus4': [0, 5, 7, 10],
  6: [0, 4, 7, 9],
  m6: [0, 3, 7, 9],
  add9: [0, 4, 7, 14],
  madd9: [0, 3, 7, 14],
  7: [0, 4, 7, 10],
  maj7: [0, 4, 7, 11],
  m7: [0, 3, 7, 10],
  m7b5: [0, 3, 6, 10],
  dim7: [0, 3, 6, 9],
  9: [0, 4, 7, 10, 14],
  maj9: [0, 4, 7, 11, 14],
  m9: [0, 3, 7, 10, 14],
  13: [0, 4, 10, 14, 21],
  '7b9': [0, 4, 7, 10, 13],
  '7#9': [0, 4, 7, 10, 15],
  69: [0, 4, 7, 9, 14],
}

/** Suffixes after a lower-case numeral, whose triad is minor. */
const MINOR_SUFFIX: Record<string, string> = { '': 'min', 7: 'm7', 9: 'm9', 6: 'm6', add9: 'madd9' }
const NUMERALS = ['i', 'ii', 'iii', 'iv', 'v', 'vi', 'vii']

/**
 * A chord by its Roman numeral in a key: `ii7`, `V7`, `bVII`, `Imaj9`, `viidim7`, `V/3` (third in the bass), `I/5`.
 * Degrees count in the key's own mode (`VI` in minor is the flat sixth); upper case is major, lower case minor;
 * `b` and `#` before the numeral shift its root.
 */
export function romanChord(symbol: string, key: Key): Chord {
  const match = /^([b#]?)(VII|VI|V|IV|III|II|I|vii|vi|v|iv|iii|ii|i)([^/]*)(?:\/(\d))?$/.exec(symbol)
  if (!match)
    throw new RangeError(`Unknown chord "${symbol}" (expected a Roman numeral such as ii7, bVII or V/3)`)
  const [, accidental, numeral = '', suffix = '', inversion] = match
  const degree = NUMERALS.indexOf(numeral.toLowerCase())
  const lower = numeral === numeral.toLowerCase()
  const quality = lower ? (MINOR_SUFFIX[suffix] ?? suffix) : suffix === '' ? 'maj' : suffix
  const intervals = QUALITIES[quality]
  if (!intervals) throw new RangeError(`Unknown chord quality "${suffix}" in "${symbol}"`)
  const shift = accidental === 'b' ? -1 : accidental === '#' ? 1 : 0
  const root = mod12(key.tonic + (SCALES[key.mode][degree] as number) + shift)
  const index = inversion === '3' ? 1 : inversion === '5' ? 2 : inversion === '7' ? 3 : 0
  return { symbol, root, intervals, bass: mod12(root + (intervals[index] ?? 0)) }
}

/** Pitch classes of a chord, root first. */
export function chordTones(chord: Chord): number[] {
  return chord.intervals.map((interval) => mod12(chord.root + interval))
}

/**
 * The scale to play over a chord: the key's own, each note that clashes with a chromatic chord tone moved to it
 * (the seventh over V7 in minor becomes the leading note).
 */
export function scaleOver(chord: Chord, key: Key, scale: ScaleName = key.mode): number[] {
  const classes = new Set<number>(SCALES[scale].map((step) => mod12(key.tonic + step)))
  for (const tone of chordTones(chord)) {
    if (classes.has(tone)) continue
    // A foreign chord tone replaces its chromatic neighbours, unless the chord itself has them.
    for (const neighbour of [mod12(tone - 1), mod12(tone + 1)]) {
      if (!chordTones(chord).includes(neighbour) && classes.size > 5) classes.delete(neighbour)
    }
    classes.add(tone)
  }
  return [...classes].sort((a, b) => a - b)
}

/** The pitch of one of the classes nearest to `target`; the lower one of two equally near. */
export function nearestPitch(target: number, classes: readonly number[]): number {
  for (let distance = 0; distance <= 12; distance++) {
    if (classes.includes(mod12(target - distance))) return target - distance
    if (classes.includes(mod12(target + distance))) return target + distance
  }
  throw new RangeError('Cannot find a pitch among no pitch classes')
}

/** `steps` notes of a scale (pitch classes) up or down from a pitch, which is first moved into the scale. */
export function stepInScale(pitch: number, steps: number, classes: readonly number[]): number {
  let result = nearestPitch(pitch, classes)
  for (let i = 0; i < Math.abs(steps); i++) {
    do result += Math.sign(steps)
    while (!classes.includes(mod12(result)))
  }
  return result
}
