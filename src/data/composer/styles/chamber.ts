import { fillFourParts, type FourParts } from '../harmony.js'
import { fold } from '../melody.js'
import { arpeggio, bass, comp, loudness, pad, swell, walk } from '../players.js'
import type { Note, Part } from '../score.js'
import type { Section, Session } from '../session.js'
import { style, THREE_FOUR } from '../style.js'
import { playLead } from '../themes.js'
import { chordTones, nearestPitch, scaleOver, stepInScale } from '../theory.js'

const CLASSICAL = {
  minor: {
    A: ['i iv V7 i', 'i V/3 i/3 iv,V7', 'i VI iv V7', 'i iv,V7/3 i VI,V7'],
    B: ['III VII i V7', 'VI III iv V7', 'iv i/3 iim7b5 V7'],
    end: ['i'],
  },
  major: {
    A: ['I IV V7 I', 'I V/3 vi IV,V7', 'I ii7/3 V7 vi,V7', 'I vi ii V7'],
    B: ['vi iii IV V7', 'V I/3 IV V7', 'ii V/3 I IV,V7'],
    end: ['I'],
  },
}

/** Alto, tenor and bass under a tune: four-part writing, a chord a span, shared among three players. */
export function underTune(
  session: Session,
  lines: ReadonlyMap<Section, Note[]>,
  parts: { alto: Part; tenor: Part; bass: Part },
  options: { pulse?: number; velocity?: number; bassLow?: number } = {},
): void {
  const { pulse, velocity = 0.6, bassLow = 36 } = options
  let previous: FourParts | undefined
  for (const section of session.sections) {
    const line = lines.get(section)
    for (const span of section.chords) {
      const sung = line?.filter((note) => note.at <= span.at + 1e-6).at(-1) ?? line?.[0]
      const soprano = fold(sung?.pitch ?? previous?.soprano ?? 70, 62, 84)
      const low = fold(nearestPitch(previous?.bass ?? bassLow + 9, [span.chord.bass]), bassLow, bassLow + 19)
      const voices = fillFourParts(span.chord, soprano, low, previous)
      previous = voices
      const loud = loudness(section, velocity)
      const strokes = pulse && section.label !== 'end' ? Math.round(span.beats / pulse) : 1
      for (let i = 0; i < strokes; i++) {
        const beats = span.beats / strokes
        const at = span.at + i * beats
        const weight = strokes > 1 ? (i % 2 === 0 ? 1 : 0.86) : 1
        const length = strokes > 1 ? beats * 0.8 : beats
        parts.alto.notes.push({ at, beats: length, pitch: voices.alto, velocity: loud * weight })
        parts.tenor.notes.push({ at, beats: length, pitch: voices.tenor, velocity: loud * weight })
      }
      parts.bass.notes.push({ at: span.at, beats: span.beats, pitch: low, velocity: loud * 1.05 })
    }
  }
}

const quartet = style({
  id: 'string-quartet',
  name: 'string quartet',
  genre: 'Classical',
  tags: ['chamber music', 'strings', 'acoustic', 'orchestral'],
  moods: [
    { words: ['elegant', 'graceful'], mode: 'major', tempo: [100, 110], energy: 0.5 },
    { words: ['sorrowful', 'intense'], mode: 'minor', tempo: [72, 80], energy: 0.55 },
    { words: ['agitated', 'dramatic'], mode: 'minor', tempo: [126, 138], energy: 0.8 },
  ],
  ensembles: [{ first: 'violin', second: 'violin', viola: 'viola', cello: 'cello' }],
  tonics: [0, 2, 4, 5, 7, 9, 10],
  harmony: CLASSICAL,
  details: [
    'The first violin leads while second violin, viola and cello answer in four-part harmony',
    'Bowed strings only, with swelling phrases and clear cadences',
    'Classical chamber writing, with the melody in the first violin and inner voices that move by step',
  ],
  titles: {
    first: ['Allegretto', 'Elegy', 'Presto', 'Minuet', 'Nocturne', 'Serenade'],
    second: ['for Four', 'in Grey', 'at the Manor', 'from Hollow Hill', 'of the Long Gallery'],
  },
  artists: ['Linden Quartet', 'Quatuor Aubrac'],
  arrange(session, band) {
    session.room = 2.0
    const first = session.part(band.first, { level: 0.9, pan: -0.45, reverb: 0.5, looseness: 11 })
    const second = session.part(band.second, { level: 0.66, pan: -0.15, reverb: 0.5, looseness: 11 })
    const viola = session.part(band.viola, { level: 0.74, pan: 0.2, reverb: 0.5, looseness: 11 })
    const cello = session.part(band.cello, { level: 0.85, pan: 0.45, reverb: 0.5, looseness: 11 })
    const fast = session.energy > 0.7
    const lines = playLead(session, first, {
      rhythms: fast
        ? ['x-x-x-x-x-x-x-x-', 'x---x-x-x---x-x-', 'x-x-x---x-x-x---']
        : ['x-----x-x---x---', 'x---x---x-x-x---', 'x-------x-x-x-x-', 'x-x-x---x-----x-'],
      cadences: ['x-------x---....', 'x-----x-x-------'],
      low: 67,
      high: 86,
      leaps: 0.25,
      velocity: 0.8,
    })
    underTune(
      session,
      lines,
      { alto: second, tenor: viola, bass: cello },
      { pulse: fast ? 0.5 : session.energy < 0.52 ? 1 : undefined, velocity: 0.62 },
    )
    for (const section of session.sections) {
      for (const part of [first, second, viola, cello])
        swell(part, section, {
          from: 0.68,
          to: 1,
          phraseBars: section.label === 'end' ? 1 : Math.min(4, section.bars),
        })
    }
    session.rubato(4, 0.02)
    session.ritardando(session.barBeats, 0.75)
  },
})

const baroque = style({
  id: 'baroque-harpsichord',
  name: 'baroque harpsichord piece',
  genre: 'Baroque',
  tags: ['classical', 'early music', 'counterpoint', 'acoustic'],
  moods: [
    { words: ['lively', 'bright'], mode: 'major', tempo: [104, 116], energy: 0.7 },
    { words: ['stately', 'solemn'], mode: 'minor', tempo: [76, 84], energy: 0.5 },
    { words: ['busy', 'virtuosic'], mode: 'minor', tempo: [118, 128], energy: 0.8 },
  ],
  ensembles: [
    { keys: 'harpsichord', flute: 'recorder' },
    { keys: 'harpsichord', flute: 'harpsichord' },
  ],
  tonics: [0, 2, 5, 7, 9, 10],
  harmony: CLASSICAL,
  details: [
    'Counterpoint in quick, even notes over a walking bass',
    'Plucked keyboard figures run over a walking bass, with ornaments in the repeats',
    'Crisp plucked harpsichord with a continuo bass, in the manner of the early eighteenth century',
  ],
  titles: {
    first: ['Invention', 'Courante', 'Partita', 'Gigue', 'Toccata', 'Bourrée'],
    second: ['in the Mirror Hall', 'of the Gilded Room', 'for Two Hands', 'at Court', 'with Candlelight'],
  },
  artists: ['Johann Wiesner Ensemble', 'Clavier Salon'],
  arrange(session, band) {
    session.room = 1.6
    const { key, rng } = session
    const right = session.part(band.keys, { level: 0.85, reverb: 0.4, looseness: 4 })
    const solo =
      band.flute === band.keys
        ? right
        : session.part(band.flute, { level: 0.75, pan: 0.25, reverb: 0.45, looseness: 7 })
    playLead(session, solo, {
      rhythms: ['x-x-x-x-x-x-x-x-', 'xxxxx-x-xxxxx-x-', 'x-xxx-xxx-xxx-x-', 'x---x-x-xxxxx-x-'],
      cadences: ['x-x-x---x-------', 'x-xxx-x-x-------'],
      low: 72,
      high: 89,
      leaps: 0.2,
      repeats: 0.02,
      velocity: 0.75,
      ornament: 0.6,
      legato: 0.85,
    })
    for (const section of session.sections) {
      walk(right, section, { key, rng, low: 36, high: 55, velocity: 0.75 })
      if (section.label === 'end') pad(right, section, { low: 53, high: 70, count: 3, velocity: 0.7 })
      else
        arpeggio(right, section, {
          rate: session.energy > 0.6 ? 0.25 : 0.5,
          figure: session.vary('figure', [0, 2, 1, 2], [0, 1, 2, 1], [2, 1, 0, 1], [0, 1, 2, 3, 2, 1]),
          low: 55,
          high: 71,
          count: 3,
          velocity: 0.55,
          ring: 0.9,
        })
    }
    session.ritardando(session.barBeats, 0.7)
  },
})

const waltz = style({
  id: 'waltz',
  name: 'Viennese waltz',
  genre: 'Classical',
  tags: ['waltz', 'orchestral', 'dance', 'ballroom'],
  metre: THREE_FOUR,
  moods: [
    { words: ['graceful', 'festive'], mode: 'major', tempo: [156, 170], energy: 0.7 },
    { words: ['wistful', 'dark'], mode: 'minor', tempo: [132, 144], energy: 0.55 },
    { words: ['charming', 'light-hearted'], mode: 'major', tempo: [146, 156], energy: 0.5 },
  ],
  ensembles: [
    { lead: 'violin', second: 'flute', chords: 'strings', bass: 'contrabass' },
    { lead: 'violin', second: 'clarinet', chords: 'strings', bass: 'contrabass' },
    { lead: 'flute', second: 'oboe', chords: 'pizzicato', bass: 'contrabass' },
  ],
  tonics: [0, 2, 5, 7, 9, 10],
  harmony: {
    major: {
      A: ['I I V7 V7 V7 V7 I I', 'I vi ii V7 I IV V7 I'],
      B: ['IV IV I I ii V7 I V7', 'vi vi iii iii IV I/5 V7 I'],
    },
    minor: {
      A: ['i i iv iv V7 V7 i i', 'i VI iv V7 i iv V7 i'],
      B: ['III III VII VII iv i V7 i', 'VI III iv i VI iv V7 V7'],
    },
  },
  details: [
    'The bass marks the first beat and the strings answer on two and three: oom-pah-pah',
    'A sweeping {lead} melody in three over pulsing chords',
    'A ballroom dance with {lead} and {second} above an oom-pah-pah accompaniment',
  ],
  titles: {
    first: ['Danube', 'Chandelier', 'Winter', 'Rose', 'Palace', 'Velvet'],
    second: ['Waltz', 'Evening', 'Ball', 'Whirl', 'Garden Waltz'],
  },
  artists: ['Prater Salon Orchestra', 'The Ringstrasse Players'],
  arrange(session, band) {
    session.room = 1.9
    const lead = session.part(band.lead, { level: 0.95, pan: -0.25, reverb: 0.5, looseness: 10 })
    const second = session.part(band.second, { level: 0.7, pan: 0.3, reverb: 0.5, looseness: 10 })
    const chords = session.part(band.chords, { level: 0.72, pan: 0.1, reverb: 0.5 })
    const low = session.part(band.bass, { level: 0.85, pan: 0.2, reverb: 0.4 })
    const strings = session.part('slowStrings', { level: 0.5, reverb: 0.6 })
    const lines = playLead(session, lead, {
      rhythms: ['x-------x---', 'x---x---x---', 'x-----x-x---', 'x-x-x-x-x---'],
      cadences: ['x-----------', 'x-------....'],
      low: 69,
      high: 88,
      leaps: 0.35,
      velocity: 0.8,
    })
    for (const [section, line] of lines) {
      if (section.round === 0) continue
      second.notes.push(
        ...line.map((note) => ({
          ...note,
          pitch: stepInScale(
            note.pitch,
            -2,
            scaleOver(
              section.chords[0]?.chord ?? { symbol: '', root: 0, intervals: [0], bass: 0 },
              session.key,
            ),
          ),
          velocity: note.velocity * 0.8,
        })),
      )
    }
    for (const section of session.sections) {
      comp(chords, section, {
        rhythm: session.vary('after-beats', '....x-..x-..', '....x---x---', '....x-..x.x.'),
        low: 55,
        high: 74,
        count: 3,
        velocity: 0.6,
        legato: 0.8,
      })
      bass(low, section, {
        rhythm: 'X---........',
        notes: '1|5|1|5',
        low: 31,
        high: 50,
        velocity: 0.75,
        key: session.key,
      })
      if (section.label === 'B' || section.round > 0 || section.label === 'end')
        pad(strings, section, { low: 55, high: 76, count: 3, velocity: 0.5 })
      swell(lead, section, { from: 0.75, to: 1, phraseBars: section.label === 'end' ? 1 : 4 })
    }
    // Leaning into the second beat belongs to the Viennese waltz: a lift between phrases.
    session.rubato(8, 0.03)
    session.ritardando(session.barBeats * 2, 0.7)
    const final = session.ending.chords[0]
    if (final)
      second.notes.push({
        at: final.at,
        beats: final.beats,
        pitch: nearestPitch(72, chordTones(final.chord).slice(1, 2)),
        velocity: 0.6,
      })
  },
})

export const CHAMBER = [quartet, baroque, waltz]
