import { chordTones, mod12, nearestPitch, romanChord, type Chord, type Key } from './theory.js'

/** A chord and when it sounds, in quarter notes from the start of the piece. */
export interface ChordSpan {
  at: number
  beats: number
  chord: Chord
}

/** How many bars a progression has. */
export function progressionBars(progression: string): number {
  return progression.trim().split(/\s+/).length
}

/**
 * Lays a progression over bars, starting again when it ends. Bars are parted by spaces, chords within a bar by commas:
 * `ii7 V7 Imaj7 vi7,V7/3`. `from` is the bar of the progression to begin with.
 */
export function layChords(
  progression: string,
  {
    key,
    at,
    bars,
    barBeats,
    from = 0,
  }: { key: Key; at: number; bars: number; barBeats: number; from?: number },
): ChordSpan[] {
  const written = progression.trim().split(/\s+/)
  const spans: ChordSpan[] = []
  for (let bar = 0; bar < bars; bar++) {
    const symbols = written[(from + bar) % written.length].split(',')
    const beats = barBeats / symbols.length
    symbols.forEach((symbol, i) => {
      spans.push({ at: at + bar * barBeats + i * beats, beats, chord: romanChord(symbol, key) })
    })
  }
  return spans
}

export interface VoicingOptions {
  /** How many notes. */
  count: number
  low: number
  high: number
  /** The voicing before, to move from by small steps. */
  previous?: readonly number[]
  /** Leaves out the root, which the bass has. */
  rootless?: boolean
}

/** Close and open positions of a chord within a range; the one that moves least from the previous one. */
export function voiceChord(chord: Chord, { count, low, high, previous, rootless }: VoicingOptions): number[] {
  const tones = voicedTones(chord, count, rootless ?? false)
  let best: number[] | undefined
  let bestCost = Infinity
  const centre = (low + high) / 2
  for (let start = low; start <= high; start++) {
    const first = tones.indexOf(mod12(start))
    if (first < 0) continue
    const close = stack(start, tones, first, count)
    for (const candidate of [close, dropSecond(close)]) {
      if (candidate[0] < low || (candidate.at(-1) as number) > high) continue
      const middle = (candidate[0] + (candidate.at(-1) as number)) / 2
      const cost = previous?.length
        ? movement(previous, candidate) + Math.abs(middle - centre) * 0.15
        : Math.abs(middle - centre)
      if (cost < bestCost) {
        bestCost = cost
        best = candidate
      }
    }
  }
  // A range narrower than any position: fold the tones into it.
  return best ?? tones.map((tone) => nearestPitch(Math.round(centre), [tone])).sort((a, b) => a - b)
}

/** The `count` most telling tones: third and seventh first, then colour, root, fifth. */
function voicedTones(chord: Chord, count: number, rootless: boolean): number[] {
  const tones = chordTones(chord)
  const order = chord.intervals.map((interval, i) => {
    const size = mod12(interval)
    if (size === 0) return { i, rank: rootless ? 5 : 1.5 }
    if (size === 3 || size === 4) return { i, rank: 0 }
    if (size === 10 || size === 11 || size === 9) return { i, rank: 1 }
    if (size === 7) return { i, rank: 4 }
    return { i, rank: 2 }
  })
  const chosen = order
    .sort((a, b) => a.rank - b.rank)
    .slice(0, Math.min(count, tones.length))
    .map(({ i }) => tones[i])
  return [...new Set(chosen)].sort((a, b) => a - b)
}

function stack(start: number, tones: readonly number[], first: number, count: number): number[] {
  const result = [start]
  for (let i = 1; i < count; i++) {
    const tone = tones[(first + i) % tones.length]
    let pitch = (result.at(-1) as number) + 1
    while (mod12(pitch) !== tone) pitch++
    result.push(pitch)
  }
  return result
}

/** The second voice from above an octave lower: an open position. */
function dropSecond(close: readonly number[]): number[] {
  if (close.length < 4) return [...close]
  const result = [...close]
  result[result.length - 2] = result[result.length - 2] - 12
  return result.sort((a, b) => a - b)
}

/** Semitones moved from one voicing to the next, voice by voice from above. */
export function movement(from: readonly number[], to: readonly number[]): number {
  let sum = 0
  for (let i = 1; i <= to.length; i++) {
    sum += Math.abs((to.at(-i) as number) - (from.at(-Math.min(i, from.length)) as number))
  }
  return sum
}

export interface FourParts {
  bass: number
  tenor: number
  alto: number
  soprano: number
}

const ALTO = [53, 74] as const
const TENOR = [46, 67] as const

/**
 * Alto and tenor between a given soprano and bass, after the rules of the textbooks: the third is there, voices don't
 * cross, upper neighbours stay within an octave, and they move little, without parallel fifths and octaves where that
 * can be had.
 */
export function fillFourParts(chord: Chord, soprano: number, bass: number, previous?: FourParts): FourParts {
  const tones = chordTones(chord)
  const third = tones[1]
  let best: FourParts = { bass, tenor: Math.max(bass, soprano - 9), alto: soprano - 4, soprano }
  let bestCost = Infinity
  for (let alto = Math.max(ALTO[0], soprano - 12); alto <= Math.min(ALTO[1], soprano); alto++) {
    if (!tones.includes(mod12(alto))) continue
    for (let tenor = Math.max(TENOR[0], alto - 12, bass); tenor <= Math.min(TENOR[1], alto); tenor++) {
      if (!tones.includes(mod12(tenor))) continue
      const voices = { bass, tenor, alto, soprano }
      const present = new Set([bass, tenor, alto, soprano].map(mod12))
      let cost = (tones.length - Math.min(tones.length, present.size)) * 4
      if (!present.has(third)) cost += 12
      if (alto === soprano || tenor === alto || tenor === bass) cost += 5
      if (previous) {
        cost += Math.abs(alto - previous.alto) + Math.abs(tenor - previous.tenor)
        cost += 8 * parallels(previous, voices)
      } else cost += Math.abs(alto - 62) * 0.3 + Math.abs(tenor - 55) * 0.3
      if (cost < bestCost) {
        bestCost = cost
        best = voices
      }
    }
  }
  return best
}

/** How many pairs of voices move in parallel fifths or octaves. */
export function parallels(from: FourParts, to: FourParts): number {
  const names = ['bass', 'tenor', 'alto', 'soprano'] as const
  let count = 0
  for (let i = 0; i < 4; i++) {
    for (let j = i + 1; j < 4; j++) {
      const [a, b] = [names[i], names[j]]
      const interval = mod12(to[b] - to[a])
      const moved = to[a] !== from[a] && to[b] !== from[b]
      if (moved && (interval === 0 || interval === 7) && mod12(from[b] - from[a]) === interval) count++
    }
  }
  return count
}
