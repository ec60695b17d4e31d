/** Families of instruments, as people ask for them. */
export type Family =
  | 'keyboard'
  | 'organ'
  | 'guitar'
  | 'bass'
  | 'strings'
  | 'brass'
  | 'woodwind'
  | 'voice'
  | 'mallets'
  | 'synthesizer'
  | 'drums'
  | 'percussion'
  | 'accordion'
  | 'plucked strings'
  | 'pipes'

export interface Instrument {
  /** As a listener would name it. */
  readonly name: string
  readonly family: Family
  /** General MIDI program, from 0. */
  readonly program: number
  /** Roland GS bank (controller 0). */
  readonly bank?: number
  /** Lowest and highest MIDI pitch that sound well. */
  readonly range: readonly [number, number]
  /** Holds its tone while a note lasts, so that expression (controller 11) shapes it. */
  readonly sustained?: boolean
  /** A kit on channel 10: pitches are drums. */
  readonly kit?: boolean
}

function tone(
  name: string,
  family: Family,
  program: number,
  low: number,
  high: number,
  more: { bank?: number; sustained?: boolean } = {},
): Instrument {
  return { name, family, program, range: [low, high], ...more }
}

const held = { sustained: true }

function kit(name: string, program: number): Instrument {
  return { name, family: 'drums', program, range: [27, 87], kit: true }
}

/** The instruments of the composer, by General MIDI program and GS bank. */
export const INSTRUMENTS = {
  piano: tone('piano', 'keyboard', 0, 21, 108),
  brightPiano: tone('piano', 'keyboard', 1, 21, 108),
  honkyTonk: tone('honky-tonk piano', 'keyboard', 3, 28, 96),
  electricPiano: tone('electric piano', 'keyboard', 4, 28, 96),
  fmPiano: tone('electric piano', 'keyboard', 5, 28, 96),
  harpsichord: tone('harpsichord', 'keyboard', 6, 29, 89),
  clavinet: tone('clavinet', 'keyboard', 7, 29, 96),
  celesta: tone('celesta', 'mallets', 8, 60, 108),
  glockenspiel: tone('glockenspiel', 'mallets', 9, 67, 108),
  musicBox: tone('music box', 'mallets', 10, 55, 103),
  vibraphone: tone('vibraphone', 'mallets', 11, 53, 89),
  marimba: tone('marimba', 'mallets', 12, 41, 96),
  xylophone: tone('xylophone', 'mallets', 13, 65, 108),
  tubularBells: tone('tubular bells', 'mallets', 14, 60, 84),
  dulcimer: tone('hammered dulcimer', 'plucked strings', 15, 50, 90),
  hammond: tone('Hammond organ', 'organ', 16, 36, 96, held),
  rockOrgan: tone('rock organ', 'organ', 18, 36, 96, held),
  churchOrgan: tone('pipe organ', 'organ', 19, 33, 96, held),
  fullOrgan: tone('pipe organ', 'organ', 19, 33, 96, { bank: 8, sustained: true }),
  accordion: tone('accordion', 'accordion', 21, 48, 93, held),
  musette: tone('accordion', 'accordion', 21, 48, 93, { bank: 8, sustained: true }),
  harmonica: tone('harmonica', 'woodwind', 22, 55, 91, held),
  bandoneon: tone('bandoneon', 'accordion', 23, 45, 90, held),
  nylonGuitar: tone('nylon-string guitar', 'guitar', 24, 40, 84),
  ukulele: tone('ukulele', 'guitar', 24, 55, 84, { bank: 8 }),
  steelGuitar: tone('acoustic guitar', 'guitar', 25, 40, 84),
  mandolin: tone('mandolin', 'plucked strings', 25, 55, 93, { bank: 16 }),
  jazzGuitar: tone('jazz guitar', 'guitar', 26, 40, 86),
  cleanGuitar: tone('clean electric guitar', 'guitar', 27, 40, 86),
  mutedGuitar: tone('palm-muted electric guitar', 'guitar', 28, 40, 80),
  funkGuitar: tone('funk guitar', 'guitar', 28, 45, 84, { bank: 8 }),
  overdriveGuitar: tone('overdriven electric guitar', 'guitar', 29, 38, 88, held),
  distortionGuitar: tone('distorted electric guitar', 'guitar', 30, 35, 88, held),
  uprightBass: tone('upright bass', 'bass', 32, 28, 60),
  bassGuitar: tone('bass guitar', 'bass', 33, 26, 60),
  pickBass: tone('bass guitar', 'bass', 34, 26, 60),
  fretlessBass: tone('fretless bass', 'bass', 35, 28, 62),
  slapBass: tone('slap bass', 'bass', 36, 28, 62),
  synthBass: tone('synth bass', 'bass', 38, 24, 60),
  deepSynthBass: tone('synth bass', 'bass', 39, 24, 60, held),
  violin: tone('violin', 'strings', 40, 55, 96, held),
  viola: tone('viola', 'strings', 41, 48, 88, held),
  cello: tone('cello', 'strings', 42, 36, 76, held),
  contrabass: tone('double bass', 'strings', 43, 28, 60, held),
  pizzicato: tone('pizzicato strings', 'strings', 45, 36, 90),
  harp: tone('harp', 'plucked strings', 46, 28, 100),
  timpani: tone('timpani', 'percussion', 47, 38, 57),
  strings: tone('string section', 'strings', 48, 36, 96, held),
  slowStrings: tone('string section', 'strings', 49, 36, 96, held),
  synthStrings: tone('synth strings', 'synthesizer', 50, 36, 96, held),
  choir: tone('choir', 'voice', 52, 43, 82, held),
  voices: tone('humming voices', 'voice', 53, 43, 82, held),
  trumpet: tone('trumpet', 'brass', 56, 52, 86, held),
  trombone: tone('trombone', 'brass', 57, 38, 74, held),
  tuba: tone('tuba', 'brass', 58, 26, 58, held),
  mutedTrumpet: tone('muted trumpet', 'brass', 59, 52, 86, held),
  horn: tone('french horn', 'brass', 60, 41, 77, held),
  brass: tone('brass section', 'brass', 61, 43, 86, held),
  synthBrass: tone('synth brass', 'synthesizer', 62, 36, 90, held),
  altoSax: tone('alto saxophone', 'woodwind', 65, 49, 82, held),
  tenorSax: tone('tenor saxophone', 'woodwind', 66, 44, 77, held),
  oboe: tone('oboe', 'woodwind', 68, 58, 91, held),
  bassoon: tone('bassoon', 'woodwind', 70, 34, 74, held),
  clarinet: tone('clarinet', 'woodwind', 71, 50, 91, held),
  piccolo: tone('piccolo', 'woodwind', 72, 74, 105, held),
  flute: tone('flute', 'woodwind', 73, 60, 96, held),
  recorder: tone('recorder', 'woodwind', 74, 65, 96, held),
  tinWhistle: tone('tin whistle', 'woodwind', 78, 62, 94, held),
  squareLead: tone('square-wave synthesizer', 'synthesizer', 80, 36, 96, held),
  sineLead: tone('sine-wave synthesizer', 'synthesizer', 80, 24, 96, { bank: 8, sustained: true }),
  sawLead: tone('synthesizer lead', 'synthesizer', 81, 36, 96, held),
  newAge: tone('bell synthesizer', 'synthesizer', 88, 36, 96, held),
  warmPad: tone('warm synthesizer pad', 'synthesizer', 89, 36, 96, held),
  polysynth: tone('synthesizer', 'synthesizer', 90, 36, 96, held),
  spaceVoice: tone('choir-like synthesizer pad', 'synthesizer', 91, 40, 90, held),
  bowedGlass: tone('glassy synthesizer pad', 'synthesizer', 92, 40, 90, held),
  haloPad: tone('airy synthesizer pad', 'synthesizer', 94, 36, 90, held),
  sweepPad: tone('sweeping synthesizer pad', 'synthesizer', 95, 36, 90, held),
  crystal: tone('crystalline synthesizer', 'synthesizer', 98, 48, 100, held),
  banjo: tone('banjo', 'plucked strings', 105, 48, 88),
  koto: tone('koto', 'plucked strings', 107, 43, 88),
  kalimba: tone('kalimba', 'mallets', 108, 48, 96),
  bagpipe: tone('bagpipes', 'pipes', 109, 43, 84, held),
  fiddle: tone('fiddle', 'strings', 110, 55, 96, held),
  castanets: tone('castanets', 'percussion', 115, 36, 84, { bank: 8 }),
  taiko: tone('taiko drum', 'percussion', 116, 36, 72),
  rockKit: kit('drums', 8),
  powerKit: kit('drums', 16),
  standardKit: kit('drums', 0),
  electronicKit: kit('electronic drums', 24),
  kit808: kit('drum machine', 25),
  jazzKit: kit('drums', 32),
  brushKit: kit('brushed drums', 40),
  handPercussion: { ...kit('hand percussion', 0), family: 'percussion' },
  orchestraKit: { ...kit('snare and bass drum', 48), family: 'percussion' },
} as const satisfies Record<string, Instrument>

export type InstrumentId = keyof typeof INSTRUMENTS

export function instrument(id: InstrumentId): Instrument {
  return INSTRUMENTS[id]
}
