import type { Groove } from '../drums.js'
import { arpeggio, bass, comp, drums, pad } from '../players.js'
import { style } from '../style.js'
import { playLead } from '../themes.js'

const funk = style({
  id: 'funk',
  name: 'disco-funk track',
  genre: 'Funk',
  tags: ['disco', 'groove', 'dance', 'slap bass', '1970s'],
  moods: [
    { words: ['groovy', 'infectious'], mode: 'dorian', tempo: [108, 116], energy: 0.75 },
    { words: ['glamorous', 'danceable'], mode: 'minor', tempo: [118, 124], energy: 0.8 },
    { words: ['tight', 'sassy'], mode: 'mixolydian', tempo: [100, 108], energy: 0.75 },
  ],
  ensembles: [
    { horns: 'brass', guitar: 'funkGuitar', keys: 'clavinet', bass: 'slapBass', drums: 'standardKit' },
    {
      horns: 'strings',
      guitar: 'funkGuitar',
      keys: 'electricPiano',
      bass: 'bassGuitar',
      drums: 'standardKit',
    },
    { horns: 'altoSax', guitar: 'funkGuitar', keys: 'hammond', bass: 'slapBass', drums: 'standardKit' },
  ],
  tonics: [2, 4, 5, 7, 9],
  harmony: {
    dorian: {
      A: ['i9 i9 IV9 IV9', 'i7 IV7 i7 IV7'],
      B: ['IIImaj7 IV7 i9 i9', 'VII7 IV7 i9 i9'],
      end: ['i9'],
    },
    minor: {
      A: ['im7 VImaj7 iv7 VII9', 'im7 iv7 VII7 IIImaj7'],
      B: ['VImaj7 VII9 im7 im7', 'iv7 v7 VImaj7 VII7'],
      end: ['i9'],
    },
    mixolydian: {
      A: ['I9 I9 IV9 I9', 'I7 IV7 I7 IV7'],
      B: ['IV9 I9 V7 IV9', 'VIImaj7 IV9 I9 I9'],
      end: ['I9'],
    },
  },
  details: [
    'Scratching guitar and tight hi-hats over a bouncing bass, with {horns} stabs',
    'A dance-floor groove: lively bass, choppy guitar and {horns} riffs',
    'Interlocking {keys} and guitar over a restless bass line',
  ],
  titles: {
    first: ['Mirrorball', 'Strut', 'Platform', 'Saturday', 'Sugar', 'Uptown'],
    second: ['Fever', 'Machine', 'Shoes', 'Line', 'Motion'],
  },
  artists: ['The Brass Elevators', 'Juno Parade'],
  arrange(session, band) {
    session.drive = 0.2
    const { key, rng } = session
    const horns = session.part(band.horns, { level: 0.78, pan: 0.2, reverb: 0.3, looseness: 6 })
    const guitar = session.part(band.guitar, { level: 0.75, pan: -0.5, reverb: 0.12, looseness: 4 })
    const keys = session.part(band.keys, { level: 0.66, pan: 0.45, reverb: 0.15, looseness: 5 })
    const low = session.part(band.bass, { level: 1, reverb: 0.05, looseness: 4 })
    const kit = session.part(band.drums, { level: 0.95, reverb: 0.15, looseness: 4 })
    session.groove = { unit: 0.25, ratio: 0.54 }
    playLead(session, horns, {
      rhythms: ['..xx..x-....x-x-', 'x-.x..x-........', '....x-x-..x-x---', 'x--x--x-....xxx-'],
      cadences: ['x--x--x-........', 'x-x-....x---....'],
      low: 62,
      high: 79,
      leaps: 0.3,
      repeats: 0.3,
      velocity: 0.85,
      legato: 0.7,
      ornament: 0,
      where: (section) => section.index > 0 || section.label === 'end',
    })
    const disco = session.bpm >= 117
    for (const section of session.sections) {
      comp(guitar, section, {
        rhythm: rng.pick(['oXooxoXooxooXoxo', 'XooxooXoXooxoXoo']),
        low: 60,
        high: 77,
        count: 3,
        rootless: true,
        velocity: 0.62,
        legato: 0.5,
        strum: 0.006,
      })
      comp(keys, section, {
        rhythm:
          section.label === 'B'
            ? session.vary('chorus keys', 'x---....x---....', 'x--x....x--x....', '....x---....x-x-')
            : session.vary('keys', '..x..x..x.x..x..', 'x..x..x..x..x.x.', '..xx....x.x...x.'),
        low: 53,
        high: 70,
        count: 4,
        rootless: true,
        velocity: 0.6,
        legato: 0.7,
      })
      if (disco)
        bass(low, section, {
          rhythm: session.vary('octaves', 'X.x.X.x.X.x.X.x.', 'X.x.X.x.X.xxX.x.', 'X.xxX.x.X.xxX.x.'),
          notes: session.vary('octave notes', '1 8 1 8 1 8 5 8', '1 8 1 8 5 8 7 8', '1 8 5 8 1 8 3 5'),
          low: 28,
          high: 52,
          velocity: 0.9,
          key,
        })
      else
        bass(low, section, {
          ...session.vary(
            'bass',
            { rhythm: 'X..x..x.X.x..xx.|X..x..x...x.xxx.', notes: '1 8 7 1 8 5 7|1 1 8 7 5 7 a' },
            { rhythm: 'X.xx..x...x.x.x.|X.xx..x...xxx.x.', notes: '1 1 8 7 5 7 8|1 1 8 5 7 8 a' },
            { rhythm: 'X...x.xx..x.X.x.|X...x.xx.x.xX.x.', notes: '1 8 7 8 5 1 3|1 8 7 8 5 3 1 a' },
          ),
          low: 28,
          high: 52,
          velocity: 0.92,
          legato: 0.7,
          key,
        })
      drums(
        kit,
        section,
        disco
          ? {
              kick: 'X...X...X...X...',
              snare: '....X.......X...',
              hat: 'x.o.x.o.x.o.x.o.',
              openHat: '..x...x...x...x.',
            }
          : session.vary<Groove>(
              'drums',
              {
                kick: 'X.....x.o.X.....|X..x....o.X...x.',
                snare: '....X..o.o..X..o',
                hat: 'XoxoXoxoXoxoXoxo',
              },
              {
                kick: 'X.x....x..X..x..',
                snare: '....X..o.o.oX...',
                hat: 'XoxoXoxoXoxoX.xo',
                openHat: '.............x..',
              },
              {
                kick: 'X..x..x...x.....|X.....x...x..x..',
                snare: '....X..o.o..X.oo',
                hat: 'X.x.X.x.X.x.X.x.',
              },
            ),
        { fill: 'push', crash: section.label === 'B', velocity: 0.88 },
      )
    }
  },
})

const hiphop = style({
  id: 'hip-hop',
  name: 'hip-hop beat',
  genre: 'Hip-Hop',
  tags: ['beat', 'boom bap', 'lo-fi', 'sampled feel', 'urban'],
  sectionBars: 4,
  forms: { 2: 'A B', 3: 'A B A', 4: 'intro A B A' },
  moods: [
    { words: ['laid-back', 'mellow'], mode: 'dorian', tempo: [82, 88], energy: 0.5 },
    { words: ['dark', 'menacing'], mode: 'phrygian', tempo: [72, 78], energy: 0.7 },
    { words: ['dusty', 'soulful'], mode: 'minor', tempo: [90, 96], energy: 0.6 },
  ],
  ensembles: [
    { keys: 'electricPiano', hook: 'vibraphone', bass: 'bassGuitar', drums: 'standardKit' },
    { keys: 'piano', hook: 'strings', bass: 'deepSynthBass', drums: 'kit808' },
    { keys: 'electricPiano', hook: 'mutedTrumpet', bass: 'uprightBass', drums: 'electronicKit' },
  ],
  tonics: [0, 2, 3, 5, 7, 9, 10],
  harmony: {
    dorian: { A: ['i9 IV9', 'i9 ii7 i9 IV9'], B: ['IIImaj7 ii7', 'VIImaj7 IV9'] },
    phrygian: { A: ['i II i II', 'i i II i'], B: ['VI II', 'III II'] },
    minor: { A: ['i9 VImaj7', 'i9 iv9 VImaj7 v7'], B: ['iv9 v7', 'VImaj7 v7 i9 i9'] },
  },
  details: [
    'A looped {keys} phrase over a swung, head-nodding drum beat and deep bass',
    'Hard kick and snare with shuffling hi-hats, a low bass and {a hook} hook',
    'A four-bar loop with a lazy, behind-the-beat groove, made for rapping over',
  ],
  titles: {
    first: ['Corner Store', 'Subway', 'Crate', 'Night Bus', 'Concrete', 'Vinyl'],
    second: ['Tape', 'Theory', 'Loops', 'Smoke', 'Sketch'],
  },
  artists: ['Dusk Ledger', 'Kasetto', 'Blok Seven'],
  arrange(session, band) {
    session.drive = 0.4
    const { key } = session
    session.groove = { unit: 0.25, ratio: 0.6 }
    const keys = session.part(band.keys, { level: 0.78, pan: -0.2, reverb: 0.25, chorus: 0.2, late: 12 })
    const hook = session.part(band.hook, { level: 0.6, pan: 0.3, reverb: 0.35, echo: 0.2, late: 15 })
    const low = session.part(band.bass, { level: 1, reverb: 0, late: 10 })
    const kit = session.part(band.drums, { level: 1, reverb: 0.12, looseness: 3 })
    playLead(session, hook, {
      rhythms: ['x-----x-x-......', '..x-x-x---......', 'x---..x-x-x-....'],
      cadences: ['x-------........', 'x-x-x---........'],
      low: 65,
      high: 79,
      leaps: 0.3,
      velocity: 0.65,
      ornament: 0,
      scale: 'minorPentatonic',
      where: ({ label, round }) =>
        label === 'B' || label === 'C' || label === 'solo' || (label === 'A' && round > 0),
    })
    const slow = session.bpm < 80
    for (const section of session.sections) {
      comp(keys, section, {
        rhythm: slow
          ? session.vary('slow keys', 'x-----x---x-----', 'x-------....x-x-', 'x---x---x-----x-')
          : session.vary(
              'keys',
              'x-----x-..x-----|x---..x-x-......',
              'x--x--x-....x---|x--x--......x-x-',
              '..x-..x-x---....|..x-..x-....x---',
            ),
        low: 52,
        high: 71,
        count: 4,
        rootless: true,
        velocity: 0.62,
        strum: 0.01,
      })
      if (section.label === 'intro') {
        drums(kit, section, { hat: 'x.x.x.x.x.x.x.x.' }, { velocity: 0.6 })
        continue
      }
      bass(low, section, {
        ...session.vary(
          'bass',
          { rhythm: 'X--x......x-x---|X--x....x-....x-', notes: '1 1 5 1|1 1 3 a' },
          { rhythm: 'X-----x-..X-----|X-----x-x-..x-x-', notes: '1 1 1|1 1 5 7 a' },
          { rhythm: 'X---------x-x---|X-------..x-....', notes: '1 8 1|1 5' },
          { rhythm: 'X..x..X-....x-x-|X..x..X---......', notes: '1 1 1 3 5|1 1 8' },
        ),
        low: 26,
        high: 43,
        velocity: 0.95,
        key,
      })
      drums(
        kit,
        section,
        {
          kick: slow
            ? session.vary(
                'slow kick',
                'X.....x...X..x..|X..x......X.....',
                'X......x..x.....|X.....xx..x...x.',
              )
            : session.vary(
                'kick',
                'X..x......X.....|X..x..x...X..x..',
                'X.....x..xX.....|X.x....x..X.....',
                'X......X..X.....|X......X.XX...x.',
              ),
          snare: '....X.......X...|....X.......X..o',
          hat: slow ? 'x.xxx.x.x.xxxxx.|x.x.xxxxx.x.x.xx' : 'x.o.x.o.x.oox.o.',
          ...(section.label === 'B' ? { clap: '....x.......x...' } : {}),
        },
        { velocity: 0.95 },
      )
    }
  },
})

const lofiHouse = style({
  id: 'house',
  name: 'deep house track',
  genre: 'House',
  tags: ['electronic', 'dance', 'four on the floor', 'club'],
  forms: { 3: 'intro A B', 4: 'intro A B A', 5: 'intro A A B A', 6: 'intro A A break B A' },
  moods: [
    { words: ['warm', 'hypnotic'], mode: 'minor', tempo: [119, 123], energy: 0.6 },
    { words: ['uplifting', 'sunny'], mode: 'dorian', tempo: [123, 127], energy: 0.75 },
    { words: ['smooth', 'late-night'], mode: 'minor', tempo: [116, 120], energy: 0.55 },
  ],
  ensembles: [
    { keys: 'electricPiano', lead: 'warmPad', bass: 'synthBass', drums: 'electronicKit' },
    { keys: 'hammond', lead: 'synthStrings', bass: 'deepSynthBass', drums: 'kit808' },
    { keys: 'brightPiano', lead: 'polysynth', bass: 'synthBass', drums: 'electronicKit' },
  ],
  tonics: [0, 2, 3, 5, 7, 9],
  harmony: {
    minor: {
      A: ['i9 iv9', 'i9 VImaj7 iv9 v7', 'iv9 v7 i9 i9'],
      B: ['VImaj7 v7 i9 VII9', 'iv9 VII9 IIImaj7 VImaj7'],
    },
    dorian: { A: ['i9 IV9', 'ii7 i9 IV9 IV9'], B: ['IIImaj7 IV9 i9 VIImaj7'] },
  },
  details: [
    'A steady four-on-the-floor kick with off-beat open hi-hats, {keys} chords and a round bass',
    'Jazzy {keys} stabs over a pumping house beat',
    'Club music with claps on two and four and a looping bass line',
  ],
  titles: {
    first: ['Rooftop', 'Afterglow', 'Deep', 'Velvet', 'Sunrise', 'Mezzanine'],
    second: ['Loft', 'Circuit', 'Hours', 'Current', 'Tram'],
  },
  artists: ['Halcyon Row', 'Marlo Petit'],
  arrange(session, band) {
    const { key } = session
    const keys = session.part(band.keys, { level: 0.8, pan: -0.15, reverb: 0.3, chorus: 0.2, looseness: 3 })
    const lead = session.part(band.lead, { level: 0.5, reverb: 0.5, looseness: 3 })
    const low = session.part(band.bass, { level: 0.95, reverb: 0, looseness: 2 })
    const kit = session.part(band.drums, { level: 1, reverb: 0.1, looseness: 0 })
    session.groove = { unit: 0.25, ratio: 0.55 }
    for (const section of session.sections) {
      const sparse = section.label === 'intro' || section.label === 'break'
      comp(keys, section, {
        rhythm: session.vary(
          'stabs',
          'x--x--x---x--x--|x--x--x---x-....',
          '..x-..x-..x-..x-',
          'x--x....x-.x-...|..x--x--..x-x---',
          '...x-..x-..x-...',
        ),
        low: 55,
        high: 74,
        count: 4,
        rootless: true,
        velocity: 0.68,
        legato: 0.7,
      })
      if (section.label === 'B' || section.label === 'break' || section.label === 'end')
        pad(lead, section, { low: 60, high: 79, count: 3, velocity: 0.6 })
      if (section.label === 'B')
        arpeggio(lead, section, {
          rate: 0.5,
          figure: [2, 1, 0, 1],
          low: 67,
          high: 84,
          count: 3,
          velocity: 0.5,
        })
      if (section.label !== 'break')
        bass(low, section, {
          ...session.vary(
            'bass',
            { rhythm: '..X-..x-..X-..xx|..X-..x-x-X-..x-', notes: '1 1 8 5 1|1 1 5 8 1' },
            { rhythm: '..X-..X-..X-..X-', notes: '1 1 8 1|1 1 5 8' },
            { rhythm: 'X--x..x-..x-x---|X--x..x-..x-..x-', notes: '1 1 8 7 5|1 1 8 5 a' },
            { rhythm: '..xx..xx..xx..x-', notes: '1 1 8 8 1 1 5' },
          ),
          low: 26,
          high: 46,
          velocity: 0.9,
          key,
        })
      drums(
        kit,
        section,
        {
          ...(section.label === 'break' ? {} : { kick: 'X...X...X...X...' }),
          ...(sparse ? {} : { clap: '....X.......X...', openHat: '..x...x...x...x.' }),
          hat: session.vary('hat', 'o.xoo.xoo.xoo.xo', '..x...x...x...x.', 'xoxoxoxoxoxoxoxo'),
          ...(section.label === 'B' ? { shaker: 'xoxoxoxoxoxoxoxo' } : {}),
        },
        { crash: section.label === 'B', velocity: 0.92 },
      )
    }
  },
})

export const GROOVES = [funk, hiphop, lofiHouse]
