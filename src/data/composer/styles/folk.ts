import { harmonise } from '../melody.js'
import { arpeggio, bass, comp, drums, loudness } from '../players.js'
import { SIX_EIGHT, style } from '../style.js'
import { playLead } from '../themes.js'
import { nearestPitch } from '../theory.js'

const country = style({
  id: 'country',
  name: 'country tune',
  genre: 'Country',
  tags: ['bluegrass', 'folk', 'americana', 'picking', 'train beat'],
  moods: [
    { words: ['cheerful', 'rollicking'], mode: 'major', tempo: [124, 136], energy: 0.7 },
    { words: ['easy-going', 'warm'], mode: 'major', tempo: [92, 102], energy: 0.5 },
    { words: ['restless', 'driving'], mode: 'mixolydian', tempo: [140, 152], energy: 0.8 },
  ],
  ensembles: [
    { lead: 'fiddle', roll: 'banjo', guitar: 'steelGuitar', bass: 'uprightBass', drums: 'brushKit' },
    { lead: 'cleanGuitar', roll: 'banjo', guitar: 'steelGuitar', bass: 'bassGuitar', drums: 'standardKit' },
    { lead: 'harmonica', roll: 'mandolin', guitar: 'steelGuitar', bass: 'uprightBass', drums: 'brushKit' },
  ],
  tonics: [0, 2, 4, 7, 9],
  harmony: {
    major: { A: ['I I IV V', 'I IV I V', 'I vi IV V'], B: ['IV I IV V', 'IV I V I', 'vi IV I V'] },
    mixolydian: { A: ['I VII IV I', 'I I VII I'], B: ['IV I VII V', 'VII IV I I'] },
  },
  details: [
    'Rolling {roll} and strummed acoustic guitar under {a lead} tune, with a boom-chick bass and a train beat',
    'Rippling {roll} picking, bass on one and three, and {a lead} on top',
    'A front-porch country band led by the {lead}, with a shuffling snare',
  ],
  titles: {
    first: ['Cedar', 'Dusty', 'Old', 'Sugar', 'Copper', 'Blackberry'],
    second: ['Creek', 'Wagon', 'Mill Road', 'Hollow', 'Fence'],
  },
  artists: ['The Tall Grass Pickers', 'Wade Larkin'],
  arrange(session, band) {
    const { key, rng } = session
    const lead = session.part(band.lead, { level: 0.85, pan: 0.2, reverb: 0.25, looseness: 9 })
    const banjo = session.part(band.roll, { level: 0.8, pan: -0.35, reverb: 0.2, looseness: 5 })
    const guitar = session.part(band.guitar, { level: 0.75, pan: 0.4, reverb: 0.2 })
    const low = session.part(band.bass, { level: 0.95, reverb: 0.12 })
    const kit = session.part(band.drums, { level: 0.7, reverb: 0.15 })
    playLead(session, lead, {
      rhythms: ['x-x-x-x-x-x-x-x-', 'x---x-x-x-x-x---', 'x-x-x---x-x-x---', 'x--xx-x-x-x-x-x-'],
      cadences: ['x-x-x---x-------', 'x---x---x---....'],
      low: band.lead === 'fiddle' ? 64 : 60,
      high: band.lead === 'fiddle' ? 83 : 79,
      leaps: 0.3,
      velocity: 0.78,
      scale:
        key.mode === 'major' ? 'majorPentatonic' : key.mode === 'minor' ? 'minorPentatonic' : 'mixolydian',
      ornament: 0.3,
      legato: 0.9,
    })
    const roll = rng.pick([
      [0, 2, 3, 1, 2, 3, 0, 3],
      [3, 1, 2, 3, 0, 2, 3, 1],
      [0, 2, 3, 0, 2, 3, 0, 3],
    ])
    for (const section of session.sections) {
      arpeggio(banjo, section, {
        rate: 0.25,
        figure: roll,
        low: 55,
        high: 76,
        count: 4,
        velocity: 0.62,
        ring: 1.6,
        restart: false,
      })
      comp(guitar, section, {
        rhythm: session.vary(
          'guitar',
          '....x-..' + '....x-xx',
          '....x-xx....x-xx',
          '..x-..x-..x-..xx',
          '....x-......x-..',
        ),
        low: 50,
        high: 67,
        count: 4,
        velocity: 0.6,
        strum: 0.015,
        legato: 0.7,
      })
      bass(low, section, {
        rhythm: session.vary('bass', 'X---....x---....', 'X---....x---..x-', 'X-------x-------'),
        notes: session.vary('bass notes', '1 5|1 L|1 5|1 s', '1 L|1 5|1 3|5 s', '1 5|1 5|1 L|1 s'),
        low: 28,
        high: 48,
        velocity: 0.85,
        key,
      })
      const train = {
        kick: 'x.......x.......',
        snare: session.vary('train', 'o.xoo.xoo.xoo.xo', 'oxoxXxoxoxoxXxox', 'o.o.x.o.o.o.x.oo'),
        hat: '....x.......x...',
      }
      drums(kit, section, train, { fill: 'brush', velocity: 0.62 })
    }
  },
})

const celtic = style({
  id: 'celtic',
  name: 'Celtic jig',
  genre: 'Celtic',
  tags: ['irish', 'folk', 'traditional', 'dance', 'acoustic', 'world'],
  metre: SIX_EIGHT,
  moods: [
    { words: ['lively', 'joyful'], mode: 'major', tempo: [112, 122], energy: 0.7 },
    { words: ['haunting', 'wild'], mode: 'dorian', tempo: [100, 108], energy: 0.6 },
    { words: ['spirited', 'earthy'], mode: 'mixolydian', tempo: [108, 116], energy: 0.75 },
  ],
  ensembles: [
    { lead: 'tinWhistle', second: 'fiddle', chords: 'steelGuitar', drone: 'accordion' },
    { lead: 'fiddle', second: 'flute', chords: 'steelGuitar', drone: 'musette' },
    { lead: 'bagpipe', second: 'tinWhistle', chords: 'steelGuitar', drone: 'bagpipe' },
  ],
  tonics: [2, 4, 7, 9, 11],
  harmony: {
    major: {
      A: ['I I IV V I IV V I', 'I V I IV I V IV,V I'],
      B: ['IV I V I IV I V I', 'vi IV I V vi IV V I'],
    },
    dorian: {
      A: ['i i VII VII i i VII i', 'i VII i VII i VII v i'],
      B: ['III VII i VII III VII v i', 'IV i VII i IV i VII i'],
      end: ['i'],
    },
    mixolydian: {
      A: ['I I VII VII I IV VII I'],
      B: ['IV I VII I IV I VII I', 'VII VII I I VII IV VII I'],
      end: ['I'],
    },
  },
  details: [
    'Running jig quavers with grace notes on the {lead}, over strummed guitar and a drone',
    'A dance tune in compound time on {lead}, with a frame drum underneath',
    'Traditional-sounding {lead} melody, ornamented with quick cuts and rolls',
  ],
  titles: {
    first: ['The Drunken', "Kitty's", 'The Heathery', 'The Rover’s', 'Saddle', 'The Hazel'],
    second: ['Ferryman', 'Rambles', 'Brae', 'Lantern', 'Hill'],
  },
  artists: ['The Corrib Session', 'Fiadh & the Tinkers'],
  arrange(session, band) {
    const { key } = session
    const pipes = band.lead === 'bagpipe'
    const lead = session.part(band.lead, { level: 0.85, pan: -0.1, reverb: 0.3, looseness: 6 })
    const second = session.part(band.second, { level: 0.7, pan: 0.35, reverb: 0.3 })
    const guitar = session.part(band.chords, { level: 0.75, pan: -0.4, reverb: 0.2 })
    const drone = session.part(band.drone, { level: pipes ? 0.4 : 0.45, reverb: 0.35 })
    const drum = session.part('handPercussion', { level: 0.75, pan: 0.1, reverb: 0.25 })
    const lines = playLead(session, lead, {
      rhythms: ['x-x-x-x-x-x-', 'x---x-x-x-x-', 'x-x-x-x---x-', 'x---x-x---x-'],
      cadences: ['x-x-x-x-----', 'x---x-x-----'],
      low: pipes ? 66 : 71,
      high: pipes ? 83 : 88,
      leaps: 0.35,
      repeats: 0.05,
      velocity: 0.8,
      ornament: 0.2,
      legato: 0.92,
      lift: 3,
    })
    for (const [section, line] of lines) {
      // Cuts: a grace note above the beat's note, so short that it has no pitch of its own.
      for (const note of line) {
        if ((note.at - section.at) % 1.5 !== 0 || !session.rng.chance(0.4)) continue
        lead.notes.push({
          at: Math.max(0, note.at - 0.09),
          beats: 0.08,
          pitch: note.pitch + 2,
          velocity: note.velocity * 0.8,
        })
      }
      if (section.round > 0 || section.label === 'B')
        second.notes.push(
          ...(section.label === 'B' ? harmonise(line, section.chords, { key, low: 59, high: 84 }) : line),
        )
    }
    for (const section of session.sections) {
      comp(guitar, section, {
        rhythm: session.vary('guitar', 'X---x-X---x-', 'X-x-x-X-x-x-', 'X-----X---x-', 'X---xxX---xx'),
        low: 47,
        high: 66,
        count: 4,
        velocity: 0.6,
        strum: 0.012,
      })
      for (let bar = 0; bar < section.bars; bar++) {
        const at = section.at + (bar * section.beats) / section.bars
        for (const pitch of [50, 57])
          drone.notes.push({
            at,
            beats: section.beats / section.bars,
            pitch: nearestPitch(pitch, [pitch === 50 ? key.tonic : (key.tonic + 7) % 12]),
            velocity: loudness(section, 0.5),
          })
      }
      if (section.label !== 'end')
        drums(
          drum,
          section,
          {
            floorTom: session.vary('drum', 'X.o.o.X.o.x.', 'X.o.x.o.X.o.', 'X...o.X.x.o.'),
            ...(section.round > 0 ? { tambourine: '....x.....x.' } : {}),
          },
          { velocity: 0.7 },
        )
    }
  },
})

const fingerstyle = style({
  id: 'acoustic-folk',
  name: 'fingerpicked folk tune',
  genre: 'Folk',
  tags: ['acoustic', 'guitar', 'fingerstyle', 'singer-songwriter', 'unplugged'],
  moods: [
    { words: ['gentle', 'hopeful'], mode: 'major', tempo: [88, 98], energy: 0.4 },
    { words: ['lonesome', 'reflective'], mode: 'minor', tempo: [74, 82], energy: 0.35 },
    { words: ['sunny', 'carefree'], mode: 'major', tempo: [104, 114], energy: 0.55 },
  ],
  ensembles: [
    { guitar: 'steelGuitar', lead: 'flute' },
    { guitar: 'nylonGuitar', lead: 'cello' },
    { guitar: 'ukulele', lead: 'recorder' },
  ],
  tonics: [0, 2, 4, 7, 9],
  harmony: {
    major: {
      A: ['I V/3 vi IV', 'Iadd9 IV Iadd9 V', 'I iii IV V'],
      B: ['vi IV I V', 'ii IV I V'],
      end: ['Iadd9'],
    },
    minor: {
      A: ['i VII VI VII', 'i III VII iv', 'iadd9 VI III VII'],
      B: ['VI VII i III', 'iv i VI VII'],
      end: ['iadd9'],
    },
  },
  details: [
    'Fingerpicked {guitar} with an alternating thumb supports a simple {lead} melody',
    'Just {guitar} and {lead}: intimate, acoustic, no drums',
    'Travis-style picking on {guitar}, with a quiet {lead} tune over it',
  ],
  titles: {
    first: ['Meadow', 'Old Coat', 'River', 'Kite', 'Homeward', 'Wren'],
    second: ['Song', 'in the Hall', 'Letters', 'Lane', 'at Noon'],
  },
  artists: ['Hazel Whitlow', 'Tom Aldous'],
  arrange(session, band) {
    const { rng } = session
    const guitar = session.part(band.guitar, { level: 0.95, pan: -0.15, reverb: 0.25, looseness: 8 })
    const lead = session.part(band.lead, { level: 0.78, pan: 0.2, reverb: 0.4, looseness: 12 })
    const low = band.lead === 'cello'
    playLead(session, lead, {
      rhythms: ['x-----x-x---x---', 'x---x---x-------', '..x-x-x-x-------', 'x-------x-x-x---'],
      cadences: ['x-----------....', 'x---x-------....'],
      low: low ? 48 : 69,
      high: low ? 67 : 84,
      leaps: 0.25,
      velocity: 0.7,
      ornament: 0.2,
      where: (section) => section.index > 0 || section.label === 'end',
    })
    const figure = rng.pick([
      [0, 3, 1, 2, 0, 4, 1, 3],
      [0, 2, 1, 3, 0, 2, 1, 4],
      [0, 4, 2, 3, 1, 4, 2, 3],
    ])
    const high = band.guitar === 'ukulele' ? 76 : 67
    for (const section of session.sections) {
      arpeggio(guitar, section, {
        rate: session.bpm < 90 ? 0.25 : 0.5,
        figure,
        low: band.guitar === 'ukulele' ? 55 : 48,
        high,
        count: 4,
        velocity: 0.62,
        ring: 3,
      })
      for (const span of section.chords) {
        for (let at = 0; at < span.beats; at += 2) {
          const pitch =
            at % 4 === 0
              ? nearestPitch(band.guitar === 'ukulele' ? 60 : 44, [span.chord.bass])
              : nearestPitch(band.guitar === 'ukulele' ? 60 : 49, [(span.chord.root + 7) % 12])
          guitar.notes.push({ at: span.at + at, beats: 1.9, pitch, velocity: loudness(section, 0.7) })
        }
      }
    }
    session.ritardando(session.barBeats / 2, 0.8)
  },
})

export const FOLK = [country, celtic, fingerstyle]
