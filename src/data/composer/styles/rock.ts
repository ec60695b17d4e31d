import { harmonise } from '../melody.js'
import type { Groove } from '../drums.js'
import { bass, comp, drums, loudness, pad } from '../players.js'
import type { Part } from '../score.js'
import type { Section } from '../session.js'
import { parseRhythm } from '../rhythm.js'
import { chordAt } from '../melody.js'
import { style } from '../style.js'
import { playLead } from '../themes.js'
import { isMajor, nearestPitch } from '../theory.js'

/** Power chords: root, fifth, octave, in a riff that moves below the chord where it is told. */
function riff(
  part: Part,
  section: Section,
  options: {
    rhythm: string
    steps?: readonly number[]
    low: number
    velocity?: number
    legato?: number
    octave?: boolean
  },
): void {
  const { low, steps = [0], velocity = 0.85, legato = 0.92, octave = true } = options
  const beats = section.beats / section.bars
  const bars = parseRhythm(section.label === 'end' ? 'X---' : options.rhythm, beats)
  for (let bar = 0; bar < section.bars; bar++) {
    ;(bars[bar % bars.length] ?? []).forEach((hit, i) => {
      const at = section.at + bar * beats + hit.at
      const root = nearestPitch(low + 5, [chordAt(section.chords, at).chord.root])
      const pitch = root + (section.label === 'end' ? 0 : steps[i % steps.length])
      const loud = loudness(section, velocity) * (0.8 + 0.2 * hit.weight)
      for (const interval of octave ? [0, 7, 12] : [0, 7])
        part.notes.push({ at, beats: hit.beats * legato, pitch: pitch + interval, velocity: loud })
    })
  }
}

const rock = style({
  id: 'rock',
  name: 'rock track',
  genre: 'Rock',
  tags: ['electric guitar', 'band', 'guitar riff', 'alternative'],
  moods: [
    { words: ['energetic', 'anthemic'], mode: 'major', tempo: [128, 140], energy: 0.8 },
    { words: ['gritty', 'driving'], mode: 'minor', tempo: [116, 126], energy: 0.85 },
    { words: ['rebellious', 'raw'], mode: 'mixolydian', tempo: [150, 164], energy: 0.9 },
  ],
  ensembles: [
    { lead: 'overdriveGuitar', rhythm: 'overdriveGuitar', bass: 'pickBass', drums: 'rockKit' },
    { lead: 'distortionGuitar', rhythm: 'overdriveGuitar', bass: 'pickBass', drums: 'powerKit' },
    { lead: 'rockOrgan', rhythm: 'overdriveGuitar', bass: 'bassGuitar', drums: 'rockKit' },
  ],
  tonics: [0, 2, 4, 7, 9],
  harmony: {
    major: {
      A: ['I V vi IV', 'I IV vi V', 'I I IV IV'],
      B: ['vi IV I V', 'IV V vi I', 'IV I V V'],
      end: ['I5'],
    },
    minor: {
      A: ['i VI III VII', 'i i VII VI', 'i III VII iv'],
      B: ['VI VII i i', 'iv VI VII VII'],
      end: ['i5'],
    },
    mixolydian: { A: ['I VII IV I', 'I I VII IV'], B: ['IV I VII I', 'VII IV I I'], end: ['I5'] },
  },
  details: [
    'Crunching power chords, a picked bass and a hard backbeat, with {a lead} hook on top',
    'Loud electric guitars and crashing cymbals drive a four-chord progression',
    'A full rock band: riffing guitars, solid bass and a big snare on two and four',
  ],
  titles: {
    first: ['Concrete', 'Runaway', 'Static', 'Northern', 'Burning', 'Highway'],
    second: ['Signal', 'Hearts', 'Avenue', 'Radio', 'Engine'],
  },
  artists: ['The Velvet Pylons', 'Kiln', 'Motorway Saints'],
  arrange(session, band) {
    session.drive = 0.4
    const { key } = session
    const left = session.part(band.rhythm, { level: 0.85, pan: -0.75, reverb: 0.15, looseness: 6, amp: 0.35 })
    const right = session.part(band.rhythm, { level: 0.85, pan: 0.75, reverb: 0.15, looseness: 9, amp: 0.35 })
    const lead = session.part(band.lead, { level: 0.8, pan: 0.05, reverb: 0.35, looseness: 8 })
    const low = session.part(band.bass, { level: 0.95, reverb: 0.08 })
    const kit = session.part(band.drums, { level: 1, reverb: 0.2, looseness: 4 })
    playLead(session, lead, {
      rhythms: ['x---x-x-x---x---', 'x-x-x-----x-x---', 'x-----x-x-x-x-x-', 'x--x--x-x---x---'],
      cadences: ['x-----------....', 'x---x-----------'],
      low: 62,
      high: 79,
      leaps: 0.3,
      velocity: 0.85,
      scale: isMajor(key.mode) ? 'majorPentatonic' : 'minorPentatonic',
      ornament: 0.2,
      where: ({ label, round }) => label !== 'intro' && label !== 'break' && (label !== 'A' || round > 0),
    })
    for (const section of session.sections) {
      const chorus = section.label === 'B'
      const rhythm = chorus
        ? session.vary('chorus riff', 'X-------x---x-x-', 'X---x-x-X---x---', 'X-----X-x---X-x-')
        : session.vary('riff', 'X-x-x-x-X-x-x-x-', 'X-xxx-x-X-x-x-xx', 'X--x--x-X--x--x-', 'X-x-..x-X-x-..xx')
      for (const part of [left, right])
        riff(part, section, {
          rhythm,
          low: 36,
          velocity: session.vary('riff level', 0.82, 0.9, 0.95),
          legato: chorus ? 0.98 : 0.75,
        })
      bass(low, section, {
        rhythm: session.vary('bass', 'X-x-x-x-x-x-x-x-', 'X---x-x-X---x-x-', 'X--x--x-X-x-x-x-'),
        notes: chorus ? '1 1 1 1 1 1 5 s' : '1',
        low: 28,
        high: 45,
        velocity: 0.9,
        key,
      })
      drums(
        kit,
        section,
        chorus
          ? {
              kick: 'X.....x.X.x.....',
              snare: '....X.......X...',
              crash2: 'x.......x.......',
              openHat: '..x.x.x.x.x.x.x.',
            }
          : {
              kick: session.vary(
                'kick',
                'X.....x.X.......|X.x...x.X.....x.',
                'X.......X.x.....|X.....x.X.x...x.',
                'X..x....X.X.....|X..x..x.X.X...x.',
              ),
              snare: '....X.......X..o',
              hat: session.vary('hat', 'X.x.X.x.X.x.X.x.', 'X.o.X.o.X.o.X.o.', 'XoxoXoxoXoxoXoxo'),
            },
        { fill: section.round % 2 === 0 ? 'toms' : 'snare', crash: true, velocity: 0.95 },
      )
    }
  },
})

const metal = style({
  id: 'metal',
  name: 'heavy metal track',
  genre: 'Metal',
  tags: ['heavy', 'distorted', 'electric guitar', 'aggressive', 'heavy drums'],
  moods: [
    { words: ['aggressive', 'dark'], mode: 'phrygian', tempo: [152, 164], energy: 0.95 },
    { words: ['crushing', 'doom-laden'], mode: 'minor', tempo: [76, 84], energy: 0.9 },
    { words: ['furious', 'epic'], mode: 'minor', tempo: [176, 190], energy: 1 },
  ],
  ensembles: [{ lead: 'distortionGuitar', rhythm: 'distortionGuitar', bass: 'pickBass', drums: 'powerKit' }],
  tonics: [2, 4, 0, 11],
  harmony: {
    phrygian: {
      A: ['i II i II', 'i i II III', 'i5 i5 II5 vii5'],
      B: ['VI VII i II', 'iv III II II'],
      end: ['i5'],
    },
    minor: {
      A: ['i i VI VII', 'i5 bII5 i5 VII5', 'i iv VI v'],
      B: ['VI VII i III', 'iv VI VII i'],
      end: ['i5'],
    },
  },
  details: [
    'Distorted guitars chug low riffs over heavy kick drums',
    'A wall of distorted guitars over a pounding bass drum',
    'Low-tuned power chord riffs and a screaming lead guitar',
  ],
  titles: {
    first: ['Iron', 'Ashen', 'Black', 'Blood', 'Hammer', 'Wolf'],
    second: ['Throne', 'Legion', 'Cathedral', 'Ritual', 'Tide'],
  },
  artists: ['Gravewrought', 'Obsidian Maw', 'Vardøger'],
  arrange(session, band) {
    session.drive = 0.9
    const { key, rng } = session
    const left = session.part(band.rhythm, { level: 1, pan: -0.85, reverb: 0.1, looseness: 4, amp: 0.85 })
    const right = session.part(band.rhythm, { level: 1, pan: 0.85, reverb: 0.1, looseness: 6, amp: 0.85 })
    const lead = session.part(band.lead, { level: 0.72, reverb: 0.4, echo: 0.2, looseness: 6 })
    const harmony = session.part(band.lead, { level: 0.6, pan: 0.3, reverb: 0.4, looseness: 6 })
    const low = session.part(band.bass, { level: 0.95, reverb: 0.05 })
    const kit = session.part(band.drums, { level: 0.92, reverb: 0.15, looseness: 2 })
    const doom = session.bpm < 100
    const lines = playLead(session, lead, {
      rhythms: doom
        ? ['x-----x-x-------', 'x---x---x-------']
        : ['x-x-x-x-x-x-x-x-', 'x---x-x-x---x-x-', 'xxxxx-x-xxxxx-x-'],
      cadences: ['x---------------', 'x-------x-------'],
      low: 64,
      high: 83,
      leaps: 0.25,
      velocity: 0.85,
      scale: key.mode === 'phrygian' ? 'phrygian' : 'harmonicMinor',
      ornament: 0.1,
      where: ({ label }) => label !== 'intro' && label !== 'break' && label !== 'A',
    })
    for (const [section, line] of lines)
      harmony.notes.push(...harmonise(line, section.chords, { key, low: 60, high: 79 }))
    const gallop = rng.pick([
      { rhythm: 'X-xxX-xxX-xxX-xx', steps: [0, 0, 0] },
      { rhythm: 'X-xxx-xxX-x-X-X-', steps: [0, 0, 0, 0, 0, 0, 0, 0, 3, 1] },
      { rhythm: 'X-xxX-xxx-X-X---', steps: [0, 0, 0, 0, 0, 0, 0, 6, 5] },
    ])
    const verse = session.vary(
      'gallop',
      gallop,
      { rhythm: 'xxxxX-x-xxxxX-x-', steps: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 1] },
      { rhythm: 'X-xxxxX-xxxxX-X-', steps: [0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 3, 1] },
      { rhythm: 'X---xxxxX---x-x-', steps: [0, 0, 0, 0, 0, 0, 1, 3] },
    )
    for (const section of session.sections) {
      const chorus = section.label === 'B'
      const rhythm = doom
        ? session.vary('doom', 'X-------X---X-x-', 'X-----x-X-------', 'X---X-----x-X---')
        : chorus
          ? session.vary('chorus', 'X-------X-------', 'X-----X-----X---', 'X---X---X---X-X-')
          : verse.rhythm
      for (const part of [left, right])
        riff(part, section, {
          rhythm,
          steps: doom || chorus ? [0] : verse.steps,
          low: 33,
          velocity: 0.92,
          legato: chorus || doom ? 1 : 0.7,
        })
      bass(low, section, {
        rhythm: doom ? 'X---x---x---x---' : 'X-x-x-x-x-x-x-x-',
        notes: '1',
        low: 26,
        high: 40,
        velocity: 0.95,
        key,
      })
      drums(
        kit,
        section,
        doom
          ? { kick: 'X.....x.X.x.....', snare: '........X.......', china: 'x...x...x...x...' }
          : {
              kick: chorus
                ? session.vary('double kick', 'xxxxxxxxxxxxxxxx', 'X.x.xxxxX.x.xxxx')
                : session.vary('kick', 'X.xxX.xxX.xxX.xx', 'xxxxxxxxxxxxxxxx', 'X.xxx.xxX.x.X.X.'),
              snare: chorus
                ? '....X.......X...'
                : session.vary('snare', '....X.......X...', '..X...X...X...X.', '........X.......'),
              [chorus ? 'crash2' : 'ride']: 'x...x...x...x...',
            },
        { fill: 'toms', crash: true, velocity: 1 },
      )
    }
    if (session.ending.chords[0]) pad(lead, session.ending, { low: 64, high: 76, count: 1, velocity: 0.7 })
  },
})

const reggae = style({
  id: 'reggae',
  name: 'reggae track',
  genre: 'Reggae',
  tags: ['jamaican', 'offbeat', 'one drop', 'dub', 'laid-back groove'],
  moods: [
    { words: ['laid-back', 'sunny'], mode: 'major', tempo: [76, 82], energy: 0.6 },
    { words: ['dubby', 'smoky'], mode: 'minor', tempo: [70, 76], energy: 0.5 },
    { words: ['bouncy', 'good-natured'], mode: 'major', tempo: [84, 92], energy: 0.65 },
  ],
  ensembles: [
    { lead: 'trombone', skank: 'cleanGuitar', organ: 'hammond', bass: 'bassGuitar', drums: 'standardKit' },
    { lead: 'trumpet', skank: 'funkGuitar', organ: 'hammond', bass: 'bassGuitar', drums: 'rockKit' },
    { lead: 'altoSax', skank: 'cleanGuitar', organ: 'hammond', bass: 'bassGuitar', drums: 'standardKit' },
  ],
  tonics: [0, 2, 5, 7, 9, 10],
  harmony: {
    major: { A: ['I IV I V', 'I vi IV V', 'I ii I ii'], B: ['IV I ii V', 'vi IV ii V'] },
    minor: { A: ['i VII i VII', 'i iv i v', 'i VI VII i'], B: ['iv i VII i', 'VI VII i i'] },
  },
  details: [
    'Guitar skanks on the off-beat, a heavy melodic bass and a one-drop drum pattern, with {a lead} tune',
    'Deep bass and choppy off-beat chords, the organ bubbling between them',
    'An island groove with echoing rimshots and a relaxed {lead} line',
  ],
  titles: {
    first: ['Coconut', 'Yard', 'Zion', 'Sunset', 'Island', 'Roots'],
    second: ['Rockers', 'Version', 'Skank', 'Breeze', 'Riddim'],
  },
  artists: ['Prince Ackee & the Uplifters', 'Kingsway Dub Section'],
  arrange(session, band) {
    const { key } = session
    const lead = session.part(band.lead, {
      level: 0.8,
      pan: 0.1,
      reverb: 0.4,
      echo: 0.25,
      looseness: 12,
      late: 14,
    })
    const skank = session.part(band.skank, {
      level: session.vary('skank level', 0.82, 0.6, 0.52),
      pan: -0.4,
      reverb: 0.25,
      echo: session.vary('skank echo', 0.12, 0.3),
    })
    const organ = session.part(band.organ, {
      level: session.vary('organ level', 0.55, 0.75),
      pan: 0.4,
      reverb: 0.2,
    })
    const low = session.part(band.bass, { level: 1, reverb: 0.05, late: 8 })
    const kit = session.part(band.drums, {
      level: session.vary('drum level', 0.9, 1),
      reverb: 0.3,
      echo: session.vary('drum echo', 0.08, 0.2),
    })
    session.groove = { unit: 0.25, ratio: 0.56 }
    playLead(session, lead, {
      rhythms: ['..x-x-x-x---....', 'x---x-x-....x-x-', '..x---x-x-x-x---', 'x-x-x-------..x-'],
      cadences: ['x-x-x-------....', 'x-------........'],
      low: 57,
      high: 74,
      leaps: 0.3,
      velocity: 0.78,
      ornament: 0.2,
      legato: 0.85,
      where: (section) => section.index > 0 || section.label === 'end',
    })
    for (const section of session.sections) {
      comp(skank, section, {
        rhythm: session.vary('skank', '..X...X...X...X.', '....X.......X...', '....Xx......Xx..'),
        low: 57,
        high: 74,
        count: 3,
        velocity: 0.75,
        legato: 0.7,
        strum: 0.008,
      })
      comp(organ, section, {
        rhythm: session.vary('bubble', '.xx..xx..xx..xx.', '..xx..xx..xx..xx', 'o.xxo.xxo.xxo.xx'),
        low: 55,
        high: 70,
        count: 3,
        velocity: 0.5,
        legato: 0.6,
      })
      bass(low, section, {
        ...session.vary(
          'bass',
          { rhythm: 'X---x-x-....x-x-|X-x---x---x-x---', notes: '1 3 5 5 3|1 1 5 8 5' },
          { rhythm: '....X-x-X---x---|....X-x-X-x-x---', notes: '1 1 5 8|1 1 3 5 8' },
          { rhythm: 'X-----x-X---....|X-----x-X-x-x---', notes: '1 5 1|1 5 8 5 3' },
          { rhythm: 'X-X-....X-x-x---|X-X-....x-x-....', notes: '1 1 5 3 1|1 1 8 5' },
        ),
        low: 28,
        high: 47,
        velocity: 0.95,
        key,
      })
      drums(
        kit,
        section,
        {
          ...session.vary<Groove>(
            'drums',
            {
              kick: '........X.......|........X.....o.',
              stick: '........x.......|........x..x....',
              hat: 'x.o.x.o.x.o.x.ox',
            },
            { kick: 'X.......X.......', snare: '........X.......|........X..o....', hat: 'x.o.x.o.x.o.x.ox' },
            {
              kick: 'X...X...X...X...',
              stick: '....x..x....x...',
              snare: '........X.......',
              hat: 'x.x.x.x.x.x.x.x.',
            },
            {
              kick: '........X.......',
              snare: '........X.......',
              hat: 'XoxoXoxoXoxoXoxo',
              openHat: '..............x.',
            },
          ),
        },
        { fill: 'rim', velocity: 0.8 },
      )
    }
  },
})

export const ROCK = [rock, metal, reggae]
