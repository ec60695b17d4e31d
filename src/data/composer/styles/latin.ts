import type { Groove } from '../drums.js'
import { harmonise } from '../melody.js'
import { arpeggio, bass, comp, drums, loudness, pad, swell } from '../players.js'
import { style } from '../style.js'
import { playLead } from '../themes.js'
import { nearestPitch, scaleOver, stepInScale } from '../theory.js'

const bossa = style({
  id: 'bossa-nova',
  name: 'bossa nova',
  genre: 'Bossa Nova',
  tags: ['latin', 'brazilian', 'jazz', 'syncopated', 'acoustic'],
  moods: [
    { words: ['relaxed', 'sunny'], mode: 'major', tempo: [124, 132], energy: 0.45 },
    { words: ['wistful', 'intimate'], mode: 'minor', tempo: [112, 120], energy: 0.35 },
    { words: ['breezy', 'light'], mode: 'major', tempo: [136, 146], energy: 0.55 },
  ],
  ensembles: [
    { lead: 'flute', guitar: 'nylonGuitar', bass: 'uprightBass', drums: 'brushKit' },
    { lead: 'tenorSax', guitar: 'nylonGuitar', bass: 'uprightBass', drums: 'brushKit' },
    { lead: 'piano', guitar: 'nylonGuitar', bass: 'uprightBass', drums: 'brushKit' },
  ],
  tonics: [0, 2, 3, 5, 7, 9, 10],
  harmony: {
    major: {
      A: ['Imaj7 Imaj7 ii9 V13 iii7 VI7b9 ii9 V13', 'Imaj9 II7 ii7 V7 Imaj7 bVImaj7 ii7 V7'],
      B: ['IVmaj7 iv6 iii7 VI7', 'iv7 bVII9 Imaj7 VI7b9 ii7 V7 Imaj7 V7'],
      end: ['I69'],
    },
    minor: {
      A: ['i9 i9 iv7 VII7 IIImaj7 VImaj7 iim7b5 V7b9', 'i6 i6 II7 II7 iim7b5 V7b9 i6 V7'],
      B: ['iv7 VII9 IIImaj7 VImaj7', 'VImaj7 V7 i9 i9'],
      end: ['i9'],
    },
  },
  details: [
    'A nylon-string guitar plays syncopated chords with a soft cross-stick while the {lead} sings the tune',
    'Gentle Brazilian rhythm with a two-beat bass and an unhurried {lead} melody',
    'Softly syncopated guitar, rim clicks and a lilting {lead} line',
  ],
  titles: {
    first: ['Paper', 'Praia', 'Morning', 'Lagoon', 'Orange', 'Slow'],
    second: ['Moon', 'Sem Pressa', 'in Leblon', 'Tide', 'Parasol'],
  },
  artists: ['Lia Monteverde', 'Trio Aroeira'],
  arrange(session, band) {
    const { key } = session
    const lead = session.part(band.lead, { level: 0.88, pan: 0.1, reverb: 0.4, looseness: 12, late: 10 })
    const guitar = session.part(band.guitar, { level: 0.85, pan: -0.3, reverb: 0.25 })
    const low = session.part(band.bass, { level: 0.9, reverb: 0.15 })
    const kit = session.part(band.drums, {
      level: session.vary('drum level', 0.65, 0.85, 0.95),
      pan: 0.2,
      reverb: 0.25,
    })
    const shaker = session.part('handPercussion', {
      level: session.vary('shaker level', 0.65, 0.85, 1),
      pan: 0.2,
      reverb: 0.25,
    })
    playLead(session, lead, {
      rhythms: ['x-----x---x-----', '..x---x-x---x---', 'x---x---..x---x-', '..x-x---x-----x-'],
      cadences: ['x-----x---------', '..x---x---------'],
      low: band.lead === 'tenorSax' ? 55 : 65,
      high: band.lead === 'tenorSax' ? 74 : 82,
      leaps: 0.3,
      velocity: 0.72,
      ornament: 0.25,
    })
    for (const section of session.sections) {
      comp(guitar, section, {
        rhythm: session.vary(
          'guitar',
          'x--x--x---x--x--|..x--x--x--x--x-',
          '..x--x--x--x-x--|x--x--x---x-x---',
          'x-x--x--x-x--x--|..x--x---x-x--x-',
        ),
        low: 50,
        high: 69,
        count: 4,
        rootless: true,
        velocity: 0.6,
        strum: 0.012,
        legato: 0.8,
      })
      bass(low, section, {
        ...session.vary(
          'bass',
          { rhythm: 'X-----x-X-----x-', notes: '1 5 5 1|1 L L 1' },
          { rhythm: 'X-----x-X-----x-', notes: '1 1 5 5|1 1 5 s' },
          { rhythm: 'X-----x-X---x-x-', notes: '1 5 5 5 1|1 L L 5 a' },
        ),
        low: 28,
        high: 48,
        velocity: 0.78,
        key,
      })
      drums(
        kit,
        section,
        session.vary<Groove>(
          'drums',
          { kick: 'x.....o.x.....o.', hat: 'o.o.o.o.o.o.o.o.', stick: 'x..x..x...x..x..|..x...x..x..x...' },
          { kick: 'x..ox..ox..ox..o', hat: 'o.x.o.x.o.x.o.x.', stick: 'x..x..x...x..x..|..x..x...x..x...' },
          { kick: 'x.....o.x.....o.', hat: 'xoxoxoxoxoxoxoxo', stick: '..x..x..x..x.x..|x..x..x..x..x...' },
        ),
        { velocity: 0.6 },
      )
      drums(
        shaker,
        section,
        section.label === 'end'
          ? {}
          : session.vary<Groove>(
              'percussion',
              { shaker: 'oxoxoxoxoxoxoxox' },
              {
                shaker: 'xoxoxoxoxoxoxoxo',
                congaHigh: '......x.......xx',
                congaLow: '..............x.',
                congaMute: 'x...x...x...x...',
              },
              { maracas: 'oxoxoxoxoxoxoxox', claves: 'x..x..x...x.x...' },
            ),
        {
          velocity: session.vary('percussion loudness', 0.35, 0.6, 0.75),
        },
      )
    }
  },
})

const flamenco = style({
  id: 'flamenco',
  name: 'flamenco guitar piece',
  genre: 'Flamenco',
  tags: ['spanish', 'guitar', 'acoustic', 'world', 'andalusian'],
  moods: [
    { words: ['fiery', 'passionate'], mode: 'phrygian', tempo: [116, 126], energy: 0.8 },
    { words: ['dark', 'brooding'], mode: 'phrygian', tempo: [84, 94], energy: 0.45 },
    { words: ['rhythmic', 'festive'], mode: 'phrygian', tempo: [132, 142], energy: 0.75 },
  ],
  ensembles: [
    { guitar: 'nylonGuitar', second: 'nylonGuitar', claps: 'handPercussion' },
    { guitar: 'nylonGuitar', second: 'nylonGuitar', claps: 'castanets' },
  ],
  tonics: [4, 9, 11, 6],
  harmony: {
    phrygian: {
      A: ['iv III II I', 'I II III II', 'I II I II'],
      B: ['iv vii III II', 'VI II VI I', 'iv III II I'],
      end: ['I'],
    },
  },
  details: [
    'A Spanish guitar runs down the Andalusian cadence with fast picado lines and strummed rasgueado',
    'Plucked nylon strings alternate rapid scales with percussive strumming',
    'Phrygian harmony on Spanish guitar, with strummed accents and quick ornamented runs',
  ],
  titles: {
    first: ['Noche', 'Calle', 'Fuego', 'Sombra', 'Patio', 'Duende'],
    second: ['de Cal', 'Morena', 'del Sur', 'y Arena', 'de los Naranjos'],
  },
  artists: ['Rafael Ordoñez Luna', 'Inés del Pozo'],
  arrange(session, band) {
    const { rng } = session
    const lead = session.part(band.guitar, { level: 0.98, pan: -0.15, reverb: 0.4, looseness: 6 })
    const rhythm = session.part(band.second, { level: 0.78, pan: 0.3, reverb: 0.35, looseness: 6 })
    const claps = session.part(band.claps, { level: 0.6, pan: 0.1, reverb: 0.4 })
    const lines = playLead(session, lead, {
      rhythms: ['x-xxx-xxx-xxx---', 'xxxxxxxxxxxxx---', 'x---xxxxx---xxxx', 'x-x-xxxxx-x-x---'],
      cadences: ['xxxxxxxxx-------', 'x-xxx---x-------'],
      low: 59,
      high: 79,
      leaps: 0.15,
      repeats: 0.15,
      velocity: 0.82,
      scale: 'phrygianDominant',
      ornament: 0.6,
      legato: 0.9,
    })
    void lines
    for (const section of session.sections) {
      const strummed = section.energy > 0.6
      if (strummed || section.label === 'end') {
        comp(rhythm, section, {
          rhythm: session.vary(
            'rasgueado',
            'X--x-xxxX--x-x-x|X--x--x-X-xxxxxx',
            'X-xxX-x-X-xxX-xx|X--x--x-Xxxxxxxx',
            'X---x-x-X-xxxxx-|X-xxx-x-X---xxxx',
          ),
          low: 40,
          high: 64,
          count: 5,
          velocity: 0.68,
          strum: 0.02,
          legato: 0.9,
        })
      } else {
        arpeggio(rhythm, section, {
          rate: 0.25,
          figure: rng.pick([
            [0, 2, 3, 2, 4, 2, 3, 2],
            [0, 3, 2, 4, 3, 2, 3, 2],
          ]),
          low: 40,
          high: 64,
          count: 4,
          velocity: 0.6,
          ring: 3,
        })
      }
      for (const span of section.chords)
        rhythm.notes.push({
          at: span.at,
          beats: span.beats * 0.9,
          pitch: nearestPitch(43, [span.chord.root]),
          velocity: loudness(section, 0.7),
        })
      if (section.label === 'end') continue
      if (band.claps === 'castanets') {
        for (let at = 0; at < section.beats; at += 0.5) {
          const on = at % 2 === 0
          claps.notes.push({
            at: section.at + at,
            beats: 0.2,
            pitch: 60,
            velocity: loudness(section, on ? 0.7 : 0.5),
          })
          if (at % 2 === 1.5)
            claps.notes.push({
              at: section.at + at + 0.25,
              beats: 0.2,
              pitch: 60,
              velocity: loudness(section, 0.45),
            })
        }
      } else if (strummed)
        drums(
          claps,
          section,
          { clap: session.vary('palmas', '..x...x...x.x.x.', 'x..x..x.x.x.....', '..x.x...x.x.x.x.') },
          { velocity: 0.55 },
        )
    }
    session.ritardando(session.barBeats / 2, 0.8)
  },
})

const tango = style({
  id: 'tango',
  name: 'tango',
  genre: 'Tango',
  tags: ['argentine', 'accordion', 'dance', 'latin', 'acoustic'],
  moods: [
    { words: ['dramatic', 'passionate'], mode: 'minor', tempo: [118, 126], energy: 0.75 },
    { words: ['sensual', 'melancholic'], mode: 'minor', tempo: [104, 112], energy: 0.5 },
    { words: ['proud', 'elegant'], mode: 'major', tempo: [120, 130], energy: 0.65 },
  ],
  ensembles: [
    { lead: 'bandoneon', second: 'violin', piano: 'piano', bass: 'contrabass' },
    { lead: 'accordion', second: 'violin', piano: 'piano', bass: 'contrabass' },
    { lead: 'violin', second: 'bandoneon', piano: 'piano', bass: 'contrabass' },
  ],
  tonics: [0, 2, 4, 7, 9, 11],
  harmony: {
    minor: {
      A: ['i iv V7 i', 'i V7/3 V7 i', 'i VI iim7b5 V7'],
      B: ['III VII7 VI V7', 'iv i V7 i', 'VI iv i V7'],
    },
    major: { A: ['I V7 V7 I', 'I VI7 ii V7'], B: ['vi III7 vi V7', 'IV iv I V7'] },
  },
  details: [
    'The {lead} leads over sharp, marcato piano chords and a bowed bass, without drums',
    'Staccato accents, sudden dynamics and a singing {lead}',
    'A marching four-in-a-bar accompaniment under {a lead} melody',
  ],
  titles: {
    first: ['Calle', 'Última', 'Arrabal', 'Farol', 'Humo', 'Boedo'],
    second: ['Sin Nombre', 'Noche', 'Amargo', 'y Sombra', 'Vieja'],
  },
  artists: ['Orquesta Almagro', 'Quinteto Riachuelo'],
  arrange(session, band) {
    const { key } = session
    const lead = session.part(band.lead, { level: 0.92, pan: -0.2, reverb: 0.35, looseness: 12 })
    const second = session.part(band.second, { level: 0.78, pan: 0.3, reverb: 0.4, looseness: 10 })
    const piano = session.part(band.piano, { level: 0.82, pan: 0.15, reverb: 0.3 })
    const low = session.part(band.bass, { level: 0.9, pan: -0.1, reverb: 0.3 })
    const lines = playLead(session, lead, {
      rhythms: ['x--xx-x-x---x---', 'x-x-x-x-x--xx---', 'x-----x-x-x-x---', '..x-x-x-x--xx-x-'],
      cadences: ['x--xx---x---....', 'x-x-x-x-x---....'],
      low: 62,
      high: 81,
      leaps: 0.3,
      velocity: 0.85,
      legato: 0.75,
      ornament: 0.35,
    })
    for (const [section, line] of lines) {
      if (section.label === 'B')
        second.notes.push(...harmonise(line, section.chords, { key, low: 57, high: 79, steps: -2 }))
    }
    for (const section of session.sections) {
      comp(piano, section, {
        rhythm:
          section.label === 'B'
            ? session.vary('síncopa', 'X--x..x-X...X...', 'X.x-x.x.X.x-x.x.', '.xX-..x-X...x.x.')
            : session.vary('marcato', 'X...x...X...x...', 'X...X...X...X...', 'X.....x.X...x...'),
        low: 48,
        high: 67,
        count: 4,
        velocity: 0.72,
        legato: 0.6,
      })
      bass(low, section, {
        rhythm: section.label === 'B' ? 'X--x--x-X---X---' : 'X-..x-..X-..x-x-',
        notes: '1 1 5 1 5|1 5 8 5 a',
        low: 31,
        high: 50,
        velocity: 0.85,
        legato: 0.7,
        key,
      })
      if (section.label === 'A' && section.round > 0)
        pad(second, section, { low: 60, high: 79, count: 2, velocity: 0.55 })
      swell(lead, section, { from: 0.65, to: 1, phraseBars: section.label === 'end' ? 1 : 2 })
    }
    // The last two strokes: dominant, tonic (the "chan-chan").
    const last = session.ending
    const chord = last.chords[0]?.chord
    if (chord)
      for (const part of [piano, second])
        part.notes.push({
          at: last.at,
          beats: 0.5,
          pitch: stepInScale(60, 0, scaleOver(chord, key)),
          velocity: 0.6,
        })
    session.rubato(4, 0.025)
    session.ritardando(2, 0.75)
  },
})

export const LATIN = [bossa, flamenco, tango]
