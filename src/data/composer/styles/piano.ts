import { singTune, type Tune } from '../melody.js'
import { arpeggio, close, loudness } from '../players.js'
import { style, THREE_FOUR } from '../style.js'
import { tunes } from '../themes.js'
import { chordTones, nearestPitch } from '../theory.js'

const ballad = style({
  id: 'piano-ballad',
  name: 'piano ballad',
  genre: 'Classical',
  tags: ['solo', 'ballad', 'acoustic', 'expressive'],
  moods: [
    { words: ['melancholic', 'tender'], mode: 'minor', tempo: [62, 68], energy: 0.35 },
    { words: ['romantic', 'warm'], mode: 'major', tempo: [70, 78], energy: 0.45 },
    { words: ['yearning', 'dramatic'], mode: 'minor', tempo: [80, 90], energy: 0.7 },
  ],
  ensembles: [{ piano: 'piano' }],
  tonics: [0, 2, 4, 5, 7, 9, 10],
  harmony: {
    minor: {
      A: ['i VI III VII', 'i iv VI V7', 'i v/3 VI iv'],
      B: ['VI VII III i/3', 'iv VII III V7'],
      end: ['i'],
    },
    major: {
      A: ['I vi IV V', 'I V/3 vi IV', 'I iii IV ii7,V7'],
      B: ['vi iii IV V7', 'IV V/3 iii7 vi'],
      end: ['Iadd9'],
    },
  },
  details: [
    'The right hand sings a lyrical melody over broken chords in the left',
    'A singing melody floats above flowing arpeggios, and the tempo breathes with the phrases',
    'Expressive rubato playing with a soft left-hand accompaniment',
  ],
  titles: {
    first: ['Letters', 'Rain', 'Evening', 'Autumn', 'Quiet', 'Distant'],
    second: ['Never Sent', 'at the Window', 'Room', 'Promise', 'Harbour', 'Goodbye'],
  },
  artists: ['Elin Varga', 'Marcus Thele', 'Noor Halvorsen'],
  arrange(session, band) {
    session.room = 2.2
    const right = session.part(band.piano, { level: 0.95, reverb: 0.45, looseness: 9 })
    const { rng, key } = session
    const themes = tunes(
      session,
      ['x-----x-x---x-x-', 'x---x-x-x---x---', 'x-x-x---x-----x-', 'x-----x-x-x-x---'],
      ['x-------x-------', 'x---------------'],
      { leaps: 0.3 },
    )
    const figure = session.vary(
      'figure',
      rng.pick([
        [0, 2, 3, 4, 3, 2, 3, 2],
        [0, 1, 2, 3, 4, 3, 2, 1],
        [0, 2, 4, 2, 3, 2, 4, 2],
      ]),
      [0, 2, 1, 2, 0, 2, 1, 2],
      [0, 1, 2, 4, 3, 2, 1, 2],
      [0, -1, 2, 3, -1, 2, 4, -1],
    )
    let last: number | undefined
    for (const section of session.body) {
      const high = section.label === 'B' ? 5 : 0
      const line = singTune(themes.get(section.label) as Tune, section, {
        key,
        low: 64 + high,
        high: 81 + high,
        rng,
        velocity: loudness(section, 0.72),
        ornament: section.round > 0 ? 0.35 : 0.05,
        from: last,
      })
      last = line.at(-1)?.pitch
      right.notes.push(...line)
      if (section.round > 0 || section.label === 'B') {
        // The theme comes back in octaves: the low one softer.
        right.notes.push(
          ...line
            .filter((note) => note.beats >= 0.9)
            .map((note) => ({ ...note, pitch: note.pitch - 12, velocity: note.velocity * 0.7 })),
        )
      }
      arpeggio(right, section, {
        rate: session.bpm < 70 ? 0.25 : 0.5,
        figure,
        low: 41,
        high: 64,
        count: 3,
        velocity: 0.44,
        ring: 2.5,
      })
      for (const span of section.chords) {
        const root = nearestPitch(38, [span.chord.bass])
        right.notes.push({
          at: span.at,
          beats: span.beats * 0.98,
          pitch: root,
          velocity: loudness(section, 0.5),
        })
      }
    }
    const chord = session.ending.chords[0]?.chord
    if (chord) {
      const tones = chordTones(chord)
      close(
        right,
        session.ending,
        [
          nearestPitch(36, [chord.root]),
          nearestPitch(43, [chord.root]),
          ...[52, 57, 62].map((p) => nearestPitch(p, tones)),
          nearestPitch(last ?? 72, [chord.root]),
        ],
        0.5,
      )
    }
    // The sustaining pedal, changed with each chord.
    for (const span of session.sections.flatMap((section) => section.chords)) {
      right.controls.push(
        { at: span.at + 0.06, controller: 64, value: 1 },
        { at: span.at + span.beats - 0.02, controller: 64, value: 0 },
      )
    }
    session.rubato(Math.min(4, session.sections[0]?.bars ?? 4), 0.05)
    session.ritardando(session.barBeats, 0.72)
  },
})

const musicBox = style({
  id: 'music-box',
  name: 'music box tune',
  genre: 'Lullaby',
  tags: ['lullaby', 'children', 'toy', 'acoustic'],
  metre: THREE_FOUR,
  moods: [
    { words: ['dreamy', 'innocent'], mode: 'major', tempo: [92, 104], energy: 0.4 },
    { words: ['nostalgic', 'bittersweet'], mode: 'minor', tempo: [84, 92], energy: 0.35 },
    { words: ['playful', 'sweet'], mode: 'major', tempo: [116, 128], energy: 0.5 },
  ],
  ensembles: [
    { lead: 'musicBox', under: 'musicBox' },
    { lead: 'celesta', under: 'musicBox' },
    { lead: 'musicBox', under: 'glockenspiel' },
  ],
  tonics: [0, 2, 3, 5, 7, 8],
  harmony: {
    major: { A: ['I V7/3 vi IV', 'I IV I/5 V7', 'I vi ii V7'], B: ['IV I/3 ii V7', 'vi iii IV V7'] },
    minor: { A: ['i VII VI V7', 'i iv VII III'], B: ['VI III iv V7'] },
  },
  details: [
    'Tinkling, high and bell-like, like a wind-up toy',
    'A simple, delicate tune in a high register over plucked broken chords',
    'A gentle lullaby without drums or bass',
  ],
  titles: {
    first: ['Wind-up', 'Porcelain', 'Paper', 'Little', 'Sleepy', 'Tin'],
    second: ['Carousel', 'Moon', 'Ballerina', 'Star', 'Snowfall', 'Attic'],
  },
  artists: ['The Clockwork Nursery', 'Ada Pim'],
  arrange(session, band) {
    session.room = 2.4
    const { rng, key } = session
    const lead = session.part(band.lead, { level: 0.95, reverb: 0.55, looseness: 4 })
    const under =
      band.under === band.lead
        ? lead
        : session.part(band.under, { level: 0.7, reverb: 0.55, pan: -0.2, looseness: 4 })
    const themes = tunes(
      session,
      ['x---x---x---', 'x-------x---', 'x---x-x-x-x-', 'x-x-x---x---'],
      ['x-----------', 'x-------x---'],
      { leaps: 0.35 },
    )
    let last: number | undefined
    for (const section of session.body) {
      const line = singTune(themes.get(section.label) as Tune, section, {
        key,
        low: 79,
        high: 96,
        rng,
        velocity: loudness(section, 0.75),
        ornament: section.round > 0 ? 0.3 : 0,
        from: last,
      })
      last = line.at(-1)?.pitch
      lead.notes.push(...line)
      arpeggio(under, section, {
        rate: 0.5,
        figure: rng.pick([
          [0, 1, 2, 3, 2, 1],
          [0, 2, 1, 2, 3, 2],
        ]),
        low: 60,
        high: 79,
        count: 3,
        velocity: 0.42,
        ring: 2,
      })
    }
    arpeggio(under, session.ending, { rate: 0.5, figure: [0], low: 60, high: 84, count: 4, velocity: 0.5 })
    // The spring runs down.
    session.ritardando(session.barBeats * 2, 0.55)
  },
})

export const PIANO = [ballad, musicBox]
