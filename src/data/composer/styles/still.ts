import { loudness, pad, swell } from '../players.js'
import { style, THREE_FOUR } from '../style.js'
import { chordTones, nearestPitch, scaleOver, SCALES, mod12 } from '../theory.js'

const ambient = style({
  id: 'ambient',
  name: 'ambient soundscape',
  genre: 'Ambient',
  tags: ['drone', 'pad', 'atmospheric', 'electronic', 'beatless', 'meditative'],
  sectionBars: 2,
  moods: [
    { words: ['peaceful', 'spacious'], mode: 'lydian', tempo: [54, 60], energy: 0.35 },
    { words: ['dark', 'uneasy'], mode: 'minor', tempo: [50, 56], energy: 0.4 },
    { words: ['dreamy', 'weightless'], mode: 'major', tempo: [58, 64], energy: 0.35 },
  ],
  ensembles: [
    { pad: 'warmPad', air: 'haloPad', spark: 'crystal' },
    { pad: 'sweepPad', air: 'spaceVoice', spark: 'piano' },
    { pad: 'bowedGlass', air: 'slowStrings', spark: 'vibraphone' },
  ],
  tonics: [0, 2, 3, 5, 7, 9, 10],
  harmony: {
    lydian: { A: ['Imaj9 Imaj9', 'Imaj7 II/7'], B: ['vi9 II', 'iii7 Imaj9'], end: ['Imaj9'] },
    minor: { A: ['i9 VImaj7', 'iadd9 iv9'], B: ['VImaj7 v7', 'iv9 i9'], end: ['iadd9'] },
    major: { A: ['Imaj9 IVmaj9', 'Iadd9 vi9'], B: ['vi9 IVmaj9', 'ii9 IVmaj9'], end: ['Iadd9'] },
  },
  details: [
    'Slow, overlapping synthesizer pads without any beat, with sparse {spark} notes drifting through',
    'A floating wash of sound with long attacks and a deep reverb, no drums and no pulse',
    'Sustained drones swell and fade; now and then a single {spark} note rings out',
  ],
  titles: {
    first: ['Still', 'Glacier', 'Weightless', 'Slow', 'Pale', 'Drift'],
    second: ['Water', 'Aurora', 'Hours', 'Distance', 'Horizon'],
  },
  artists: ['Isfjord', 'Ona Mirelle'],
  arrange(session, band) {
    session.room = 5.5
    const { rng, key } = session
    const bed = session.part(band.pad, { level: 0.85, pan: -0.2, reverb: 0.9, chorus: 0.3, looseness: 30 })
    const air = session.part(band.air, { level: 0.7, pan: 0.25, reverb: 1, looseness: 40 })
    const spark = session.part(band.spark, { level: 0.6, pan: 0.1, reverb: 1, echo: 0.5, looseness: 40 })
    const drone = session.part(band.pad, { level: 0.7, reverb: 0.7, looseness: 0 })
    for (const section of session.sections) {
      pad(bed, section, { low: 48, high: 67, count: 4, velocity: 0.6, overlap: 0.5 })
      if (section.index > 0) pad(air, section, { low: 62, high: 81, count: 3, velocity: 0.5, overlap: 0.5 })
      const last = section.label === 'end'
      swell(bed, section, last ? { from: 0.8, to: 0.2 } : { from: 0.5, to: 0.95, phraseBars: section.bars })
      swell(air, section, last ? { from: 0.7, to: 0.1 } : { from: 0.3, to: 0.9, phraseBars: section.bars })
      drone.notes.push({
        at: section.at,
        beats: section.beats,
        pitch: nearestPitch(38, [key.tonic]),
        velocity: 0.5,
      })
      if (last) continue
      for (const span of section.chords) {
        const count = rng.int(1, 3)
        for (let i = 0; i < count; i++) {
          const at = span.at + rng.int(0, Math.max(0, Math.round(span.beats * 2) - 1)) / 2
          const pitch = nearestPitch(
            rng.int(72, 90),
            rng.chance(0.7) ? chordTones(span.chord) : scaleOver(span.chord, key),
          )
          spark.notes.push({ at, beats: 2, pitch, velocity: loudness(section, rng.between(0.35, 0.6)) })
        }
      }
    }
  },
})

const minimal = style({
  id: 'minimal-marimba',
  name: 'minimalist mallet piece',
  genre: 'Minimalism',
  tags: ['minimal', 'repetitive', 'contemporary classical', 'mallets', 'percussion', 'acoustic'],
  forms: { 4: 'A A B A', 5: 'A A B B A', 6: 'A A B B A A' },
  moods: [
    { words: ['hypnotic', 'bright'], mode: 'major', tempo: [98, 106], energy: 0.6 },
    { words: ['restless', 'shimmering'], mode: 'dorian', tempo: [112, 122], energy: 0.65 },
    { words: ['meditative', 'pulsing'], mode: 'minor', tempo: [88, 94], energy: 0.5, metre: THREE_FOUR },
  ],
  ensembles: [
    { first: 'marimba', second: 'marimba', top: 'vibraphone' },
    { first: 'marimba', second: 'xylophone', top: 'glockenspiel' },
    { first: 'vibraphone', second: 'marimba', top: 'kalimba' },
  ],
  harmony: {
    major: { A: ['Iadd9', 'I69'], B: ['IVmaj7 vi7', 'vi7 IVmaj9'] },
    dorian: { A: ['i9', 'i7 IV'], B: ['IV i7', 'VIImaj7 IV'] },
    minor: { A: ['iadd9', 'i9'], B: ['VImaj7 iv7', 'VImaj7 VII'] },
  },
  details: [
    'Interlocking repeated patterns on {first} and {second} shift against each other, note by note',
    'A steady pulse of wooden bars, built from short cells that repeat and slowly change',
    'Phasing mallet patterns with no drums and hardly any change of harmony',
  ],
  titles: {
    first: ['Lattice', 'Wooden', 'Eight', 'Phase', 'Tessellate', 'Counting'],
    second: ['Pattern', 'Rain', 'Mirrors', 'Cells', 'Loom'],
  },
  artists: ['Marimba Atelier', 'Ensemble Raster'],
  arrange(session, band) {
    session.room = 1.6
    const { rng, key } = session
    const first = session.part(band.first, { level: 0.9, pan: -0.5, reverb: 0.35, looseness: 3 })
    const second = session.part(band.second, { level: 0.8, pan: 0.5, reverb: 0.35, looseness: 3 })
    const top = session.part(band.top, { level: 0.6, reverb: 0.5, looseness: 4 })
    const steps = session.barBeats * 4
    const scale = SCALES[key.mode].map((step) => mod12(key.tonic + step))
    const five = scale.filter((_, i) => i !== 3 && i !== 6)
    const cell = Array.from({ length: steps }, (_, i) =>
      rng.chance(i % 3 === 1 ? 0.4 : 0.1) ? undefined : rng.int(0, 6),
    )
    let shift = 0
    for (const section of session.sections) {
      if (section.label === 'end') {
        for (const part of [first, second]) pad(part, section, { low: 55, high: 76, count: 3, velocity: 0.6 })
        continue
      }
      for (let bar = 0; bar < section.bars; bar++) {
        const at = section.at + bar * session.barBeats
        const chord = section.chords[bar]?.chord
        const classes = chord ? five.concat(chordTones(chord).filter((tone) => !five.includes(tone))) : five
        const swap = rng.int(0, steps - 1)
        if (bar % 2 === 1) cell[swap] = rng.chance(0.2) ? undefined : rng.int(0, 6)
        // The second player is two notes further round the cell in each section.
        shift = section.index * 2
        for (let i = 0; i < steps; i++) {
          const [a, b] = [cell[i], cell[(i + shift) % steps]]
          const accent = i % steps === 0 ? 1.15 : i % 4 === 0 ? 1.05 : i % 2 === 0 ? 0.95 : 0.82
          if (a !== undefined)
            first.notes.push({
              at: at + i / 4,
              beats: 0.24,
              pitch: nearestPitch(53 + a * 3, classes),
              velocity: loudness(section, 0.68 * accent),
            })
          if (b !== undefined && section.index > 0)
            second.notes.push({
              at: at + i / 4,
              beats: 0.24,
              pitch: nearestPitch(65 + b * 2, classes),
              velocity: loudness(section, 0.6 * accent),
            })
        }
        if (section.index > 1 && bar % 2 === 0 && chord)
          top.notes.push({
            at,
            beats: session.barBeats * 2,
            pitch: nearestPitch(77 + rng.int(0, 6), chordTones(chord)),
            velocity: loudness(section, 0.55),
          })
      }
    }
  },
})

export const STILL = [ambient, minimal]
