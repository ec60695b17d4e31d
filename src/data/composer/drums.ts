import type { Note } from './score.js'
import { parseRhythm } from './rhythm.js'

/** General MIDI percussion keys. */
export const DRUMS = {
  kick: 36,
  kick2: 35,
  stick: 37,
  snare: 38,
  clap: 39,
  snare2: 40,
  lowTom: 41,
  hat: 42,
  floorTom: 43,
  pedal: 44,
  midTom: 45,
  openHat: 46,
  highTom: 50,
  crash: 49,
  ride: 51,
  china: 52,
  bell: 53,
  tambourine: 54,
  splash: 55,
  cowbell: 56,
  crash2: 57,
  bongoHigh: 60,
  bongoLow: 61,
  congaMute: 62,
  congaHigh: 63,
  congaLow: 64,
  timbale: 65,
  agogo: 67,
  cabasa: 69,
  maracas: 70,
  guiro: 73,
  claves: 75,
  woodblock: 76,
  triangle: 81,
  shaker: 82,
  castanets: 85,
} as const

export type Drum = keyof typeof DRUMS

/** A groove: one rhythm in grid notation a drum. */
export type Groove = Partial<Record<Drum, string>>

/** Notes of one bar of a groove; `bar` counts from the section's start, so that two-bar patterns alternate. */
export function grooveBar(
  groove: Groove,
  { at, bar, barBeats, velocity }: { at: number; bar: number; barBeats: number; velocity: number },
): Note[] {
  return Object.entries(groove).flatMap(([drum, pattern]) => {
    const bars = parseRhythm(pattern, barBeats)
    return (bars[bar % bars.length] ?? []).map((hit) => ({
      at: at + hit.at,
      beats: Math.min(hit.beats, 0.25),
      pitch: DRUMS[drum as Drum],
      velocity: hit.weight * velocity,
    }))
  })
}

/** Fills, each for the last beats of a bar of four; the quieter ones first. */
export const FILLS: Record<string, Groove> = {
  snare: { snare: 'o.x.xxXX' },
  toms: { snare: 'xx......', highTom: '..xx....', midTom: '....xx..', floorTom: '......XX' },
  push: { snare: 'X..x..X.', kick: '..x.....', openHat: '......x.' },
  roll: { snare: 'oooxxxXX' },
  brush: { snare: '..o.o.x.' },
  rim: { stick: 'x..x..x.', kick: '......x.' },
}

/** A fill over the last `beats` quarter notes before `end`. */
export function fill(name: keyof typeof FILLS, end: number, velocity: number, beats = 2): Note[] {
  return grooveBar(FILLS[name], { at: end - beats, bar: 0, barBeats: beats, velocity })
}
