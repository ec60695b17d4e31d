import { bass, comp, drums, walk } from '../players.js'
import { style } from '../style.js'
import { playLead } from '../themes.js'

const SWING = { unit: 0.5, ratio: 0.645 }

const trio = style({
  id: 'jazz-trio',
  name: 'jazz trio tune',
  genre: 'Jazz',
  tags: ['swing', 'bebop', 'acoustic', 'improvised'],
  moods: [
    { words: ['cool', 'relaxed'], mode: 'major', tempo: [116, 128], energy: 0.5 },
    { words: ['smoky', 'late-night'], mode: 'minor', tempo: [84, 96], energy: 0.35 },
    { words: ['lively', 'swinging'], mode: 'major', tempo: [168, 186], energy: 0.75 },
  ],
  ensembles: [
    { lead: 'piano', chords: 'piano', bass: 'uprightBass', drums: 'jazzKit' },
    { lead: 'tenorSax', chords: 'piano', bass: 'uprightBass', drums: 'brushKit' },
    { lead: 'jazzGuitar', chords: 'piano', bass: 'uprightBass', drums: 'jazzKit' },
  ],
  tonics: [0, 3, 5, 7, 8, 10],
  harmony: {
    major: {
      A: ['Imaj7 vi7 ii7 V7', 'ii7 V13 Imaj9 vi7', 'Imaj7 #idim7 ii7 V7b9'],
      B: ['iii7 VI7 ii7 V7', 'IVmaj7 iv6 iii7,VI7 ii7,V7'],
      end: ['I69'],
    },
    minor: {
      A: ['i6 VI7 iim7b5 V7b9', 'im7 iv7 iim7b5 V7b9', 'i9 VI7 iim7b5 V7#9'],
      B: ['iv7 VII7 IIImaj7 VImaj7', 'iim7b5 V7b9 i6 i6'],
      end: ['i6'],
    },
  },
  details: [
    'A walking upright bass and a swinging ride cymbal carry the {lead}',
    'The {lead} improvises over ii-V-I changes while the piano comps',
    'A swung small-group groove with syncopated piano chords',
  ],
  titles: {
    first: ['Blue', 'Corner', 'Third Avenue', 'Half Past', 'Monday', 'Lamplight'],
    second: ['Steps', 'Table', 'Two', 'Stroll', 'Changes', 'Encore'],
  },
  artists: ['Lester Okoro Trio', 'The Gaslight Three', 'Mina Bergqvist Group'],
  arrange(session, band) {
    session.groove = session.bpm > 150 ? { unit: 0.5, ratio: 0.6 } : SWING
    const { key, rng } = session
    const lead = session.part(band.lead, { level: 0.95, pan: -0.1, reverb: 0.3, looseness: 14, late: 12 })
    const chords = session.part(band.chords, { level: 0.72, pan: -0.35, reverb: 0.3, looseness: 9 })
    const low = session.part(band.bass, { level: 0.98, pan: 0.1, reverb: 0.2, looseness: 7 })
    const kit = session.part(band.drums, { level: 0.8, pan: 0.2, reverb: 0.3, looseness: 6 })
    const guitarOrPiano = band.lead !== 'tenorSax'
    playLead(session, lead, {
      rhythms: [
        '..x-x-x-x-x-x---',
        'x-x-x-x-x-x-..x-',
        'x---..x-x-x-x---',
        '..x-x---x-x-x-x-',
        'x-x-x---....x-x-',
      ],
      cadences: ['x-x-x-------....', 'x--.x-..x---....'],
      low: guitarOrPiano ? 65 : 56,
      high: guitarOrPiano ? 84 : 76,
      leaps: 0.35,
      repeats: 0.04,
      velocity: 0.8,
      ornament: 0.4,
      legato: 0.9,
    })
    const stabs = [
      'x--.....' + '..x.....',
      '..x-....' + '....x-..',
      '....x-..' + '..x-....',
      'x-....x-' + '........',
    ]
    for (const section of session.sections) {
      comp(chords, section, {
        rhythm: rng.shuffle(stabs).join('|'),
        low: 50,
        high: 69,
        count: 4,
        rootless: true,
        velocity: 0.58,
        legato: 0.85,
      })
      walk(low, section, { key, rng, low: 28, high: 50, velocity: 0.85 })
      const brushes = band.drums === 'brushKit'
      drums(
        kit,
        section,
        {
          ride: brushes
            ? 'x...x...x...x...'
            : session.vary(
                'ride',
                'x...x.x.x...x.x.|x...x.x.x...x.x.',
                'x...x.x.x...x...|x...x...x...x.x.',
                'x...x...x...x.x.',
              ),
          pedal: '....x.......x...',
          snare: brushes ? 'o.o.X.o.o.o.X.o.' : '......o.....o...|..o.......o...o.',
          kick: session.vary(
            'kick',
            'o.......o.......|o.....o.........',
            'o...o...o...o...',
            '......x.........|..........x.....',
          ),
        },
        { fill: 'brush', velocity: 0.68 },
      )
    }
  },
})

const blues = style({
  id: 'blues',
  name: 'twelve-bar blues',
  genre: 'Blues',
  tags: ['shuffle', 'electric', 'guitar', 'twelve-bar'],
  sectionBars: 12,
  forms: { 1: 'A', 2: 'A A', 3: 'A A A' },
  moods: [
    { words: ['gritty', 'confident'], mode: 'mixolydian', tempo: [146, 156], energy: 0.75 },
    { words: ['smouldering', 'sad'], mode: 'minor', tempo: [84, 92], energy: 0.45 },
    { words: ['good-humoured', 'rolling'], mode: 'mixolydian', tempo: [158, 172], energy: 0.7 },
  ],
  ensembles: [
    { lead: 'overdriveGuitar', chords: 'hammond', bass: 'bassGuitar', drums: 'standardKit' },
    { lead: 'cleanGuitar', chords: 'piano', bass: 'bassGuitar', drums: 'standardKit' },
    { lead: 'harmonica', chords: 'honkyTonk', bass: 'uprightBass', drums: 'brushKit' },
  ],
  tonics: [0, 2, 4, 7, 9],
  harmony: {
    mixolydian: { A: ['I7 IV7 I7 I7 IV7 IV7 I7 I7 V7 IV7 I7 V7'], end: ['I7'] },
    minor: { A: ['i7 iv7 i7 i7 iv7 iv7 i7 i7 VI7 V7 i7 V7'], end: ['i7'] },
  },
  details: [
    'A shuffle in twelve bars: the {lead} bends blue notes and answers its own phrases',
    'Call-and-response {lead} licks over a shuffling rhythm section',
    '{a lead} solo on the blues scale with a walking bass and a backbeat',
  ],
  titles: {
    first: ['Crossroad', 'Freight', 'Muddy', 'Whiskey', 'Delta', 'Broke'],
    second: ['Yard Blues', 'Number Nine', 'Shoes', 'Kitchen', 'Again Blues'],
  },
  artists: ['Otis Calloway', 'Big Lou Hatch', 'Delphine Rusk'],
  arrange(session, band) {
    session.groove = { unit: 0.5, ratio: 0.66 }
    const { key } = session
    const lead = session.part(band.lead, { level: 0.9, pan: 0.15, reverb: 0.35, looseness: 14, late: 10 })
    const chords = session.part(band.chords, { level: 0.6, pan: -0.35, reverb: 0.3 })
    const low = session.part(band.bass, { level: 0.95, reverb: 0.15 })
    const kit = session.part(band.drums, { level: 0.85, reverb: 0.3, looseness: 5 })
    const lines = playLead(session, lead, {
      rhythms: ['..x-x-x-x---....', 'x-x-x-x---x-....', 'x---x-x-x-x-..x-', '..x-x---x-x-....'],
      cadences: ['x---x-------....', 'x-x-x---........'],
      low: 60,
      high: 79,
      leaps: 0.3,
      velocity: 0.85,
      scale: key.mode === 'minor' ? 'blues' : 'blues',
      ornament: 0.25,
      legato: 0.9,
    })
    for (const line of lines.values()) {
      // Long notes are bent up into.
      for (const note of line) {
        if (note.beats < 0.9) continue
        for (let i = 0; i <= 4; i++)
          lead.controls.push({ at: note.at + i * 0.08, controller: 'bend', value: -1 + i / 4 })
      }
    }
    for (const section of session.sections) {
      comp(chords, section, {
        rhythm:
          band.chords === 'hammond'
            ? session.vary(
                'organ',
                'x-------x-----..|x-----------x-..',
                '....x---....x---',
                'x--.x--.x--.x--.',
              )
            : session.vary(
                'piano',
                '....x-......x-..|..x-....x-......',
                'x-x-x-x-x-x-x-x-',
                '..x-..x-..x-..x-',
              ),
        low: 52,
        high: 70,
        count: 4,
        velocity: 0.55,
      })
      bass(low, section, {
        ...session.vary(
          'bass',
          { rhythm: 'X--.x--.x--.x--.', notes: '1 3 5 7|8 7 5 3' },
          { rhythm: 'X-x-x-x-x-x-x-x-', notes: '1 1 3 3 5 5 7 5|1 1 5 5 7 7 5 3' },
          { rhythm: 'X--.x--.x--.x--.', notes: '1 1 5 7|8 8 7 5' },
          { rhythm: 'X--.x-x-x--.x-x-', notes: '1 3 3 5 7 5|8 7 7 5 3 s' },
        ),
        low: 28,
        high: 52,
        velocity: 0.85,
        key,
      })
      drums(
        kit,
        section,
        {
          hat: 'x.x.x.x.x.x.x.x.',
          ...(session.bpm > 120 ? { ride: 'x.o.x.o.x.o.x.o.' } : {}),
          kick: session.vary('kick', 'X.......X.x.....', 'X.....x.X.......', 'X...x...X...x...'),
          snare: '....X..o....X...',
        },
        { fill: 'snare', crash: section.label === 'end', velocity: 0.78 },
      )
    }
  },
})

export const JAZZ = [trio, blues]
