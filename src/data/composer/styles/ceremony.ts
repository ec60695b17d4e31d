import { harmonise } from '../melody.js'
import { bass, comp, drums, loudness, pad, swell } from '../players.js'
import { style } from '../style.js'
import { playLead } from '../themes.js'
import { chordTones, nearestPitch } from '../theory.js'
import { underTune } from './chamber.js'

const march = style({
  id: 'brass-march',
  name: 'brass band march',
  genre: 'March',
  tags: ['marching band', 'parade', 'military', 'brass', 'acoustic'],
  moods: [
    { words: ['triumphant', 'proud'], mode: 'major', tempo: [112, 120], energy: 0.85 },
    { words: ['festive', 'cheerful'], mode: 'major', tempo: [122, 130], energy: 0.75 },
    { words: ['stern', 'heroic'], mode: 'minor', tempo: [98, 108], energy: 0.8 },
  ],
  ensembles: [
    {
      lead: 'trumpet',
      second: 'trombone',
      chords: 'horn',
      bass: 'tuba',
      drums: 'orchestraKit',
      top: 'piccolo',
    },
    {
      lead: 'trumpet',
      second: 'trumpet',
      chords: 'trombone',
      bass: 'tuba',
      drums: 'orchestraKit',
      top: 'glockenspiel',
    },
  ],
  tonics: [3, 5, 8, 10, 0],
  harmony: {
    major: { A: ['I I V7 I', 'I IV I/5 V7', 'I V/3 vi V7'], B: ['IV I V7 I', 'vi iii IV V7', 'ii V7 I V7'] },
    minor: { A: ['i i V7 i', 'i iv i V7'], B: ['III VII III V7', 'VI III iv V7'] },
  },
  details: [
    'Trumpets carry a fanfare-like tune over an oom-pah tuba, with snare drum rolls and cymbal crashes',
    'A marching snare and bass drum keep step under the brass',
    'A parade-ground tune for brass with a strict two-beat',
  ],
  titles: {
    first: ['Colours', 'Regiment', 'Harbour Guard', 'Silver', 'Victory', 'Brass'],
    second: ['on Parade', 'Forward', 'of the Coast', 'Banner', 'Arch'],
  },
  artists: ['Ostende Town Band', 'Grenadier Brass'],
  arrange(session, band) {
    session.room = 1.3
    const { key } = session
    const lead = session.part(band.lead, { level: 0.9, pan: -0.2, reverb: 0.4, looseness: 6 })
    const second = session.part(band.second, { level: 0.75, pan: 0.25, reverb: 0.4 })
    const chords = session.part(band.chords, { level: 0.7, pan: 0.35, reverb: 0.45 })
    const low = session.part(band.bass, { level: 0.95, pan: 0.1, reverb: 0.35 })
    const kit = session.part(band.drums, { level: 0.85, reverb: 0.35, looseness: 4 })
    const top = session.part(band.top, { level: 0.6, pan: -0.35, reverb: 0.4 })
    const lines = playLead(session, lead, {
      rhythms: ['x--xx---x---x---', 'x---x--xx---x---', 'x---x---x--xx-x-', 'x-x-x---x---x---'],
      cadences: ['x---x---x-------', 'x--xx---x-------'],
      low: 62,
      high: 79,
      leaps: 0.45,
      lift: 3,
      velocity: 0.9,
      legato: 0.8,
      ornament: 0,
    })
    for (const [section, line] of lines) {
      second.notes.push(...harmonise(line, section.chords, { key, low: 50, high: 74, steps: -2 }))
      if (section.label === 'B' || section.round > 0)
        top.notes.push(
          ...line.map((note) => ({ ...note, pitch: note.pitch + 12, velocity: note.velocity * 0.8 })),
        )
    }
    for (const section of session.sections) {
      comp(chords, section, {
        rhythm: session.vary('off-beats', '..x-..x-..x-..x-', '..x-..x-..x-x-x-', '..xx..xx..xx..xx'),
        low: 50,
        high: 67,
        count: 3,
        velocity: 0.7,
        legato: 0.7,
      })
      bass(low, section, {
        rhythm: 'X--.x--.X--.x--.',
        notes: '1 L 1 L|1 L 1 s',
        low: 29,
        high: 46,
        velocity: 0.9,
        key,
      })
      drums(
        kit,
        section,
        {
          kick: 'X...x...X...x...',
          snare: session.vary(
            'snare',
            'o.xxo.x.o.xxoxxx|o.xxo.x.xxxxx.x.',
            'x.x.xxx.x.x.xxx.|x.xxxxx.x.xxxxxx',
            'x..xx.x.x..xx.x.|x..xx.x.xxxxxxxx',
          ),
          ...(section.energy > 0.8 ? { crash2: 'x.......x.......' } : {}),
        },
        { fill: 'roll', crash: true, velocity: 0.75 },
      )
    }
    const last = session.ending.chords[0]
    if (last)
      second.notes.push({
        at: last.at,
        beats: last.beats,
        pitch: nearestPitch(58, chordTones(last.chord)),
        velocity: 0.85,
      })
  },
})

const choir = style({
  id: 'choir',
  name: 'choral piece',
  genre: 'Choral',
  tags: ['choir', 'vocal', 'a cappella', 'sacred', 'wordless'],
  moods: [
    { words: ['reverent', 'serene'], mode: 'major', tempo: [64, 72], energy: 0.4 },
    { words: ['sombre', 'mysterious'], mode: 'minor', tempo: [56, 64], energy: 0.4 },
    { words: ['radiant', 'uplifting'], mode: 'major', tempo: [76, 84], energy: 0.65 },
  ],
  ensembles: [
    { choir: 'choir', low: 'choir' },
    { choir: 'voices', low: 'choir' },
    { choir: 'choir', low: 'churchOrgan' },
  ],
  tonics: [0, 2, 3, 5, 7, 10],
  harmony: {
    major: { A: ['I IV I/3 V', 'I vi IV V', 'I V/3 vi IV,V'], B: ['vi IV ii V', 'IV I/3 ii V7'], end: ['I'] },
    minor: { A: ['i iv i V', 'i VI III VII', 'i VII VI V'], B: ['VI III iv V', 'III VII VI V'], end: ['i'] },
  },
  details: [
    'Wordless voices in four-part harmony, with long swelling phrases and a church-like echo',
    'A choir sings "ah" in slow hymn-like chords',
    'Sustained vocal harmony without any drums, in a large reverberant space',
  ],
  titles: {
    first: ['Vesper', 'Lux', 'Kyrie', 'Psalm', 'Compline', 'Sanctus'],
    second: ['Light', 'over the Valley', 'at Dusk', 'of Stone', 'Aurora'],
  },
  artists: ['Cantus Borealis', 'St Aldhelm Singers'],
  arrange(session, band) {
    session.room = 4.5
    const mix = { level: 0.9, reverb: 0.85, looseness: 14 }
    const soprano = session.part(band.choir, { ...mix, pan: -0.3 })
    const alto = session.part(band.choir, { ...mix, pan: 0.3, level: 0.75 })
    const tenor = session.part('choir', { ...mix, pan: -0.1, level: 0.75 })
    const low = session.part(band.low, { ...mix, pan: 0.1, level: 0.8 })
    const lines = playLead(session, soprano, {
      rhythms: ['x---x---x---x---', 'x-----x-x---x---', 'x-------x---x---', 'x---x-x-x-------'],
      cadences: ['x---x---x-------', 'x-------x-------'],
      low: 64,
      high: 79,
      lift: 3,
      leaps: 0.15,
      velocity: 0.75,
      ornament: 0.15,
      legato: 1,
    })
    underTune(session, lines, { alto, tenor, bass: low }, { velocity: 0.65, bassLow: 41 })
    for (const section of session.sections) {
      const arc = {
        from: 0.55,
        to: 1,
        phraseBars: section.label === 'end' ? undefined : Math.min(2, section.bars),
      }
      for (const part of [soprano, alto, tenor, low]) {
        if (section.label === 'end') swell(part, section, { from: 0.9, to: 0.4 })
        else swell(part, section, { from: arc.from, to: arc.to, phraseBars: arc.phraseBars ?? 1 })
      }
    }
    session.rubato(2, 0.03)
    session.ritardando(session.barBeats, 0.8)
  },
})

const organ = style({
  id: 'church-organ',
  name: 'church organ piece',
  genre: 'Organ',
  tags: ['pipe organ', 'sacred', 'classical', 'solo', 'church'],
  moods: [
    { words: ['majestic', 'grand'], mode: 'major', tempo: [84, 94], energy: 0.85 },
    { words: ['dark', 'ominous'], mode: 'minor', tempo: [72, 82], energy: 0.75 },
    { words: ['contemplative', 'peaceful'], mode: 'major', tempo: [60, 68], energy: 0.3 },
  ],
  ensembles: [
    { manual: 'churchOrgan', pedal: 'fullOrgan' },
    { manual: 'fullOrgan', pedal: 'churchOrgan' },
  ],
  tonics: [0, 2, 5, 7, 10],
  harmony: {
    major: { A: ['I V/3 vi iii', 'I IV V I/3', 'I IV,I/3 ii V7'], B: ['IV I/3 ii V7', 'vi ii V/3 V7'] },
    minor: {
      A: ['i V/3 i/3 iv', 'i iv V i', 'i VI iidim/3 V7'],
      B: ['VI iv i/5 V7', 'iv VII III V7'],
      end: ['I'],
    },
  },
  details: [
    'Sustained organ chords over long pedal notes, with the long echo of a church',
    'A melody in the right hand above sustained harmony and a slow pedal bass',
    'A solo on the pipe organ, hymn-like and sustained',
  ],
  titles: {
    first: ['Voluntary', 'Prelude', 'Chorale', 'Toccata', 'Offertory', 'Fantasia'],
    second: ['for the West Door', 'in the Nave', 'of the Old Abbey', 'at Advent', 'under Vaults'],
  },
  artists: ['Piers Hallam', 'Dorothea Klee'],
  arrange(session, band) {
    session.room = 5
    const right = session.part(band.manual, { level: 0.8, reverb: 0.85, looseness: 5 })
    const left = session.part(band.manual, { level: 0.62, reverb: 0.85, looseness: 5 })
    const pedal = session.part(band.pedal, { level: 0.85, reverb: 0.8, looseness: 5 })
    const quick = session.energy > 0.6
    playLead(session, right, {
      rhythms: quick
        ? ['x-x-x-x-x-x-x-x-', 'xxxxx-x-xxxxx-x-', 'x---x-x-x-x-x---']
        : ['x---x---x-------', 'x-------x---x---'],
      cadences: ['x-------x-------', 'x---------------'],
      low: 67,
      high: 86,
      leaps: 0.2,
      repeats: 0.03,
      velocity: 0.8,
      ornament: 0.3,
      legato: 0.98,
    })
    for (const section of session.sections) {
      pad(left, section, { low: 50, high: 69, count: 3, velocity: 0.7 })
      for (const span of section.chords) {
        pedal.notes.push({
          at: span.at,
          beats: span.beats * 0.99,
          pitch: nearestPitch(38, [span.chord.bass]),
          velocity: loudness(section, 0.8),
        })
      }
    }
    const last = session.ending.chords[0]
    if (last)
      for (const pitch of [60, 64, 67, 72, 76])
        right.notes.push({
          at: last.at,
          beats: last.beats,
          pitch: nearestPitch(pitch, chordTones(last.chord)),
          velocity: 0.8,
        })
    session.ritardando(session.barBeats, 0.65)
  },
})

export const CEREMONY = [march, choir, organ]
