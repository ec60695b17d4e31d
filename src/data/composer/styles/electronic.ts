import { arpeggio, bass, comp, drums, loudness, pad } from '../players.js'
import type { Part } from '../score.js'
import type { Section } from '../session.js'
import { style } from '../style.js'
import { playLead } from '../themes.js'
import { nearestPitch } from '../theory.js'

/** A filter that opens: brightness (controller 74) along the section. */
function open(part: Part, section: Section, from: number, to: number): void {
  for (let at = 0; at < section.beats; at += 1) {
    part.controls.push({
      at: section.at + at,
      controller: 74,
      value: from + ((to - from) * at) / section.beats,
    })
  }
}

const BUILD: Record<number, string> = {
  3: 'intro A drop',
  4: 'intro A break drop',
  5: 'intro A break drop drop',
  6: 'intro A A break drop drop',
  7: 'intro A A break drop drop A',
  8: 'intro A A break drop drop A drop',
  9: 'intro A A break drop drop A drop drop',
}

const techno = style({
  id: 'techno',
  name: 'techno track',
  genre: 'Techno',
  tags: ['electronic', 'dance', 'club', 'four on the floor', 'repetitive', 'synthesizer'],
  forms: BUILD,
  moods: [
    { words: ['driving', 'dark'], mode: 'phrygian', tempo: [130, 136], energy: 0.85 },
    { words: ['hypnotic', 'mechanical'], mode: 'minor', tempo: [124, 129], energy: 0.75 },
    { words: ['frantic', 'acidic'], mode: 'minor', tempo: [138, 146], energy: 0.9 },
  ],
  ensembles: [
    { riff: 'synthBass', stab: 'polysynth', drums: 'kit808' },
    { riff: 'sawLead', stab: 'sweepPad', drums: 'electronicKit' },
    { riff: 'synthBass', stab: 'sawLead', drums: 'electronicKit' },
  ],
  tonics: [0, 2, 4, 5, 7, 9],
  harmony: {
    phrygian: { A: ['i', 'i i i II'], drop: ['i i II i'] },
    minor: { A: ['i', 'i i i v'], drop: ['i i VI VII', 'i'] },
  },
  details: [
    'A pounding four-on-the-floor kick, sixteenth-note synth riff and off-beat hi-hats that build to a drop',
    'Relentless machine drums and a hypnotic one-chord synthesizer sequence',
    'A repetitive acid-like bass sequence whose filter slowly opens over a heavy kick',
  ],
  titles: {
    first: ['Sector', 'Turbine', 'Vanta', 'Phase', 'Null', 'Kilowatt'],
    second: ['Drift', 'Nine', 'Loop', 'Array', 'Shift'],
  },
  artists: ['Ohmstead', 'Karst 909', 'Relais'],
  arrange(session, band) {
    session.drive = 0.4
    session.room = 1.8
    const { rng, key } = session
    const synth = session.part(band.riff, { level: 0.85, pan: -0.1, reverb: 0.2, echo: 0.2, looseness: 0 })
    const stab = session.part(band.stab, { level: 0.6, pan: 0.2, reverb: 0.45, echo: 0.3, looseness: 0 })
    const sub = session.part('deepSynthBass', { level: 0.9, reverb: 0, looseness: 0 })
    const kit = session.part(band.drums, { level: 1, reverb: 0.12, looseness: 0 })
    // One bar of sixteenths, in scale steps above the root, kept throughout: what changes is its brightness.
    const sequence = Array.from({ length: 16 }, (_, i) =>
      i % 4 !== 0 && rng.chance(0.25) ? undefined : rng.pick([0, 0, 0, 12, 3, 7, 10, 0]),
    )
    for (const section of session.sections) {
      const full = section.label === 'drop'
      const base = nearestPitch(41, [key.tonic])
      if (section.label === 'end') {
        drums(kit, section, {}, { crash: true })
        pad(stab, section, { low: 55, high: 72, count: 3, velocity: 0.6 })
        continue
      }
      open(synth, section, full ? 0.75 : 0.3 + 0.1 * section.index, full ? 1 : 0.6 + 0.08 * section.index)
      for (let bar = 0; bar < section.bars; bar++) {
        const at = section.at + bar * session.barBeats
        const shift = section.chords[bar % section.chords.length]?.chord.root ?? key.tonic
        const root = nearestPitch(base, [shift])
        sequence.forEach((step, i) => {
          if (step === undefined || (section.label === 'intro' && i % 2 === 1)) return
          synth.notes.push({
            at: at + i / 4,
            beats: 0.2,
            pitch: root + step,
            velocity: loudness(section, i % 4 === 2 ? 0.9 : 0.7),
          })
        })
        if (section.label !== 'break' && section.label !== 'intro') {
          for (const off of session.vary(
            'sub',
            [0.5, 1.5, 2.5, 3.5],
            [0.5, 0.75, 1.5, 1.75, 2.5, 2.75, 3.5, 3.75],
            [0.5, 1.5, 2.25, 2.75, 3.5],
          ))
            sub.notes.push({
              at: at + off,
              beats: 0.4,
              pitch: nearestPitch(33, [shift]),
              velocity: loudness(section, 0.9),
            })
        }
      }
      if (full || section.label === 'break')
        comp(stab, section, {
          rhythm: full
            ? session.vary(
                'stabs',
                '...x--..x-....x-',
                '..x-..x-..x-..x-',
                'x-....x-....x-..',
                '......x-......x-',
              )
            : 'x---------------',
          low: 55,
          high: 74,
          count: 3,
          velocity: 0.65,
          legato: 0.8,
        })
      drums(
        kit,
        section,
        section.label === 'break'
          ? { snare: 'x...x...x...x...|x.x.x.x.xxxxXXXX', hat: 'o.o.o.o.o.o.o.o.' }
          : {
              kick: 'X...X...X...X...',
              hat: session.vary(
                'hat',
                'o.xoo.xoo.xoo.xo',
                '..x...x...x...x.',
                'xoxoxoxoxoxoxoxo',
                'o.x.o.xoo.x.oxx.',
              ),
              ...(section.label === 'intro' ? {} : { openHat: '..x...x...x...x.', clap: '....x.......x...' }),
              ...(full ? { ride: 'x.x.x.x.x.x.x.x.', tambourine: 'o.o.x.o.o.o.x.o.' } : {}),
            },
        { crash: full, velocity: 0.95 },
      )
    }
  },
})

const drumAndBass = style({
  id: 'drum-and-bass',
  name: 'drum and bass track',
  genre: 'Drum and Bass',
  tags: ['electronic', 'breakbeat', 'jungle', 'bass-heavy', 'club'],
  forms: { ...BUILD, 3: 'intro drop drop', 4: 'intro drop break drop' },
  moods: [
    { words: ['liquid', 'soulful'], mode: 'minor', tempo: [170, 174], energy: 0.7 },
    { words: ['menacing', 'dark'], mode: 'phrygian', tempo: [172, 176], energy: 0.9 },
    { words: ['euphoric', 'rushing'], mode: 'major', tempo: [174, 178], energy: 0.85 },
  ],
  ensembles: [
    { keys: 'electricPiano', pad: 'warmPad', bass: 'deepSynthBass', drums: 'electronicKit' },
    { keys: 'sawLead', pad: 'sweepPad', bass: 'deepSynthBass', drums: 'powerKit' },
    { keys: 'brightPiano', pad: 'synthStrings', bass: 'deepSynthBass', drums: 'electronicKit' },
  ],
  tonics: [0, 2, 4, 5, 7, 9],
  harmony: {
    minor: { A: ['i9 i9 VImaj7 VImaj7 iv9 iv9 v7 v7'], drop: ['i9 i9 VImaj7 VII7'] },
    phrygian: { A: ['i i i i II II i i'], drop: ['i i i II'] },
    major: { A: ['vi7 vi7 IVmaj7 IVmaj7 I I V V'], drop: ['vi7 IVmaj7 I V'] },
  },
  details: [
    'Fast chopped breakbeats race over a slow, deep sub-bass',
    'A rolling breakbeat with half-time bass and wide synthesizer pads',
    'Skittering snares and ghost notes over a heavy sine-like bass',
  ],
  titles: {
    first: ['Orbit', 'Rolling', 'Undertow', 'Hackney', 'Hyper', 'Siren'],
    second: ['Stepper', 'Tides', 'Pressure', 'Rail', 'Bloom'],
  },
  artists: ['Fathom Unit', 'Lowtide'],
  arrange(session, band) {
    session.drive = 0.4
    session.room = 2
    const { key } = session
    const keys = session.part(band.keys, { level: 0.66, pan: -0.2, reverb: 0.4, echo: 0.35, looseness: 2 })
    const wide = session.part(band.pad, { level: 0.55, reverb: 0.6, looseness: 2 })
    const low = session.part(band.bass, { level: 1, reverb: 0, looseness: 0 })
    const kit = session.part(band.drums, { level: 1, reverb: 0.12, looseness: 2 })
    for (const section of session.sections) {
      const sparse = section.label === 'intro' || section.label === 'break'
      pad(wide, section, { low: 55, high: 76, count: 4, velocity: 0.55 })
      if (section.label === 'end') {
        drums(kit, section, {}, { crash: true })
        continue
      }
      comp(keys, section, {
        rhythm: sparse
          ? 'x-----x---------|................'
          : session.vary(
              'keys',
              'x-----x-....x---|..x---........x-',
              'x--x--x---------|..x---x---......',
              '..x-..x-..x-....|x---..x-........',
            ),
        low: 60,
        high: 79,
        count: 3,
        velocity: 0.6,
        legato: 0.8,
      })
      if (!sparse)
        bass(low, section, {
          ...session.vary(
            'bass',
            { rhythm: 'X-------..x-x---|X-----x-........', notes: '1 1 5|1 8' },
            { rhythm: 'X---x-x-..X-----|X---x-x-x-..x---', notes: '1 8 1 1|1 8 7 5 1' },
            { rhythm: 'X---------------|X-------x---x-x-', notes: '1|1 5 7 8' },
            { rhythm: 'X-..x-..X-..x-x-', notes: '1 1 8 5 3' },
          ),
          low: 24,
          high: 40,
          velocity: 1,
          legato: 0.98,
          key,
        })
      drums(
        kit,
        section,
        sparse
          ? {
              hat: 'x.x.x.x.x.x.x.x.',
              ...(section.label === 'break'
                ? { snare: '................|........x.x.xxXX' }
                : { ride: 'x...x...x...x...' }),
            }
          : {
              ...session.vary(
                'break',
                { kick: 'X.........X.....|X.x.......X..x..', snare: '....X..o.o..X...|....X..o.oo.X..o' },
                { kick: 'X.X.......XX....|X.X.......X.....', snare: '....X..o.o..X..o|....X..o.o....X.' },
                { kick: 'X.....X...X.....|X.........X...x.', snare: '....X.......X...|....X..o....X.o.' },
                { kick: 'X..x......X..x..|X..x..x...X.....', snare: '....X.o..o..X.o.|....X.o..oo.X.oo' },
              ),
              hat: 'x.xox.xox.xox.xo',
              ride: 'x...x...x...x...',
            },
        { fill: sparse ? undefined : 'roll', crash: section.label === 'drop', velocity: 0.95 },
      )
    }
  },
})

const synthwave = style({
  id: 'synthwave',
  name: 'synthwave track',
  genre: 'Synthwave',
  tags: ['1980s', 'retro', 'electronic', 'synth-pop', 'arpeggio', 'synthesizer'],
  moods: [
    { words: ['nostalgic', 'neon-lit'], mode: 'minor', tempo: [96, 104], energy: 0.65 },
    { words: ['heroic', 'bright'], mode: 'major', tempo: [112, 120], energy: 0.75 },
    { words: ['tense', 'nocturnal'], mode: 'minor', tempo: [84, 92], energy: 0.6 },
  ],
  ensembles: [
    { lead: 'sawLead', arp: 'polysynth', pad: 'synthStrings', bass: 'synthBass', drums: 'electronicKit' },
    { lead: 'squareLead', arp: 'fmPiano', pad: 'synthBrass', bass: 'synthBass', drums: 'electronicKit' },
    { lead: 'synthBrass', arp: 'newAge', pad: 'warmPad', bass: 'synthBass', drums: 'kit808' },
  ],
  tonics: [0, 2, 4, 5, 7, 9, 11],
  harmony: {
    minor: { A: ['i VI III VII', 'i VII VI VII', 'VI VII i i'], B: ['iv VI i VII', 'VI VII III i'] },
    major: { A: ['I V vi IV', 'IV V vi I'], B: ['vi IV I V', 'ii vi IV V'] },
  },
  details: [
    'A pulsing eighth-note synth bass, a snare with a long echo and shimmering arpeggios under {a lead} melody',
    '1980s-style drum machine, chorus-drenched pads and a soaring synthesizer lead',
    'Retro analogue-sounding synthesizers with a steady backbeat',
  ],
  titles: {
    first: ['Neon', 'Midnight', 'Chrome', 'Laser', 'Palm', 'Turbo'],
    second: ['Boulevard', 'Horizon', 'Pursuit', 'Arcade', 'Skyline'],
  },
  artists: ['Vector Coast', 'Miami Protocol'],
  arrange(session, band) {
    session.room = 2.4
    const { key, rng } = session
    const lead = session.part(band.lead, {
      level: 0.72,
      pan: 0.05,
      reverb: 0.45,
      echo: 0.35,
      chorus: 0.4,
      looseness: 3,
    })
    const arp = session.part(band.arp, { level: 0.62, pan: -0.4, reverb: 0.35, echo: 0.25, looseness: 0 })
    const wide = session.part(band.pad, { level: 0.55, pan: 0.2, reverb: 0.5, chorus: 0.5, looseness: 3 })
    const low = session.part(band.bass, { level: 0.95, reverb: 0.05, looseness: 0 })
    const kit = session.part(band.drums, { level: 0.95, reverb: 0.4, looseness: 0 })
    playLead(session, lead, {
      rhythms: ['x-----x-x-----x-', 'x---x---x-x-x---', 'x-------x-----x-', 'x-x-x---x-------'],
      cadences: ['x---------------', 'x-----x---------'],
      low: 64,
      high: 81,
      leaps: 0.3,
      velocity: 0.78,
      ornament: 0.1,
      legato: 0.98,
      where: (section) => section.index > 0 || section.label === 'end',
    })
    const figure = rng.pick([
      [0, 1, 2, 3, 4, 3, 2, 1],
      [0, 2, 1, 3, 2, 4, 3, 2],
      [4, 3, 2, 1, 0, 1, 2, 3],
    ])
    for (const section of session.sections) {
      arpeggio(arp, section, { rate: 0.25, figure, low: 60, high: 79, count: 3, velocity: 0.6, ring: 1.1 })
      pad(wide, section, { low: 52, high: 72, count: 4, velocity: 0.6 })
      bass(low, section, {
        rhythm: session.vary(
          'bass',
          'X-x-x-x-X-x-x-x-',
          'xxxxxxxxxxxxxxxx',
          'X-.xx-.xX-.xx-.x',
          'X-xxX-xxX-xxX-xx',
        ),
        notes: rng.pick(['1', '1 1 8 1 1 1 8 1']),
        low: 28,
        high: 47,
        velocity: 0.9,
        legato: 0.75,
        key,
      })
      drums(
        kit,
        section,
        {
          kick: session.vary(
            'kick',
            'X.......X.x.....|X.......X.......',
            'X...X...X...X...',
            'X.....x.X.......|X.....x.X.x.....',
          ),
          snare: '....X.......X...',
          hat: session.vary('hat', 'x.o.x.o.x.o.x.o.', 'xoxoxoxoxoxoxoxo', '..x...x...x...x.'),
          ...(section.label === 'B' ? { clap: '....x.......x...', tambourine: '..x...x...x...x.' } : {}),
        },
        { fill: 'toms', crash: true, velocity: 0.9 },
      )
    }
  },
})

const chiptune = style({
  id: 'chiptune',
  name: 'chiptune',
  genre: 'Chiptune',
  tags: ['8-bit', 'video game', 'electronic', 'retro', 'square wave'],
  moods: [
    { words: ['playful', 'bouncy'], mode: 'major', tempo: [138, 150], energy: 0.75 },
    { words: ['adventurous', 'urgent'], mode: 'minor', tempo: [154, 168], energy: 0.85 },
    { words: ['mysterious', 'spooky'], mode: 'minor', tempo: [108, 118], energy: 0.6 },
  ],
  ensembles: [{ lead: 'squareLead', second: 'squareLead', bass: 'sineLead', drums: 'kit808' }],
  tonics: [0, 2, 4, 5, 7, 9],
  harmony: {
    major: { A: ['I V vi IV', 'I IV V I', 'I vi ii V'], B: ['IV V iii vi', 'vi V IV V'] },
    minor: { A: ['i VII VI V', 'i VI VII i', 'i iv VII III'], B: ['VI VII i V', 'iv VII III VI'] },
  },
  details: [
    'Square waves play a catchy tune with fast arpeggios in place of chords, like an old video game',
    'Bleeping 8-bit sounds with a simple electronic beat',
    'A retro computer-game tune: two square-wave voices, a plain bass and noise-like drums',
  ],
  titles: {
    first: ['Pixel', 'Bonus', 'Dungeon', 'Coin', 'Castle', 'Turbo'],
    second: ['Quest', 'Stage', 'Run', 'Keeper', 'Overworld'],
  },
  artists: ['Cartridge Kid', 'Sprite Limit'],
  arrange(session, band) {
    session.room = 0.4
    const { key } = session
    const lead = session.part(band.lead, { level: 0.75, pan: -0.15, reverb: 0.05, looseness: 0 })
    const second = session.part(band.second, { level: 0.5, pan: 0.25, reverb: 0.05, looseness: 0 })
    const low = session.part(band.bass, { level: 0.95, reverb: 0, looseness: 0 })
    const kit = session.part(band.drums, { level: 0.75, reverb: 0.02, looseness: 0 })
    playLead(session, lead, {
      rhythms: ['x-x-x-x-x---x-x-', 'x--x--x-x-x-x-x-', 'x---x-x-x--x--x-', 'xxx-x-x-xxx-x---'],
      cadences: ['x-x-x---x---....', 'x--x--x-x-------'],
      low: 69,
      high: 88,
      leaps: 0.4,
      velocity: 0.8,
      ornament: 0,
      legato: 0.8,
    })
    for (const section of session.sections) {
      arpeggio(second, section, {
        rate: section.label === 'B' ? 0.125 : 0.25,
        figure: session.vary('figure', [0, 1, 2], [0, 2, 1, 2], [2, 1, 0], [0, 1, 2, 3]),
        low: 60,
        high: 77,
        count: 3,
        velocity: 0.6,
        ring: 0.9,
        restart: false,
      })
      bass(low, section, {
        ...session.vary(
          'bass',
          { rhythm: 'X-x-x-x-X-x-x-x-', notes: '1 8 1 8 1 8 5 8' },
          { rhythm: 'X---x---X---x-x-', notes: '1 5 1 5 8' },
          { rhythm: 'X-xxX-xxX-xxX-xx', notes: '1 1 1 8 8 8 5 5 5 8 8 8' },
          { rhythm: 'X--x--x-X--x--x-', notes: '1 8 5 1 8 5' },
        ),
        low: 36,
        high: 58,
        velocity: 0.85,
        legato: 0.8,
        key,
      })
      drums(
        kit,
        section,
        session.vary(
          'drums',
          { kick: 'X.......X.......|X.....x.X.......', snare: '....X.......X...', hat: 'x.x.x.x.x.x.x.xx' },
          { kick: 'X..x..x.X..x....', snare: '....X.......X..x', hat: 'x.x.x.x.x.x.x.x.' },
          { kick: 'X...X...X...X...', snare: '....X.......X.x.', hat: '..x...x...x...x.' },
        ),
        { fill: 'snare', velocity: 0.75 },
      )
    }
  },
})

export const ELECTRONIC = [techno, drumAndBass, synthwave, chiptune]
