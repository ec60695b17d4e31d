import type { Random } from '../../random/index.js'

/** How a piece is recorded, in numbers: what the renderer does, and what the words for it are made from. */
export interface Recording {
  /** Decade: "1960s". */
  readonly era: string
  /** Side signal beside that of the mix: 0 is mono, 1 as mixed. */
  readonly width: number
  /** Band limits, in Hz. */
  readonly lowCut: number
  readonly highCut: number
  /** Shelves at 150 Hz and 3 kHz, in dB. */
  readonly low: number
  readonly high: number
  /** 0 is clean, 1 is crushed. */
  readonly saturation: number
  /** 0 leaves dynamics alone, 1 takes most of them. */
  readonly compression: number
  /** Level of steady noise below full scale, in dB; none where undefined. */
  readonly hiss?: number
  /** Clicks a second. */
  readonly crackle: number
  /** Deviation of speed: 0.004 is 0.4 per cent. */
  readonly wow: number
  /** Factors on the room's decay and on what is sent to it. */
  readonly roomSize: number
  readonly wet: number
  /** Chorus on what has harmony, 0 to 1. */
  readonly chorus: number
  /** Loudness that is aimed at, in LUFS. */
  readonly loudness: number
}

type Range = readonly [number, number]

/** What a decade does to a recording; ranges are drawn from for each album. */
interface Era {
  readonly width: Range
  readonly lowCut: Range
  readonly highCut: Range
  readonly low: Range
  readonly high: Range
  readonly saturation: Range
  readonly compression: Range
  readonly hiss?: Range
  readonly crackle?: Range
  readonly wow?: Range
  readonly roomSize?: Range
  readonly wet?: Range
  readonly chorus?: Range
  readonly loudness: Range
}

const FULL_BAND: Range = [11_000, 11_000] // above what 22.05 kHz holds: not limited

/** Shellac, then tape in mono, two tracks, many tracks, digital reverberation, the compact disc, the loudness war, and after it. */
const ERAS: Readonly<Record<string, Era>> = {
  '1930s': {
    width: [0, 0],
    lowCut: [140, 200],
    highCut: [3800, 4500],
    low: [0, 0],
    high: [0, 0],
    saturation: [0.3, 0.45],
    compression: [0.2, 0.4],
    hiss: [-42, -37],
    crackle: [18, 40],
    wow: [0.0012, 0.0025],
    roomSize: [0.5, 0.8],
    loudness: [-20, -18],
  },
  '1940s': {
    width: [0, 0],
    lowCut: [110, 150],
    highCut: [4400, 5200],
    low: [0, 0],
    high: [0, 0],
    saturation: [0.25, 0.4],
    compression: [0.2, 0.4],
    hiss: [-45, -40],
    crackle: [10, 25],
    wow: [0.001, 0.002],
    roomSize: [0.6, 0.9],
    loudness: [-20, -18],
  },
  '1950s': {
    width: [0, 0],
    lowCut: [70, 100],
    highCut: [6000, 7000],
    low: [0, 1],
    high: [-1, 0],
    saturation: [0.2, 0.35],
    compression: [0.2, 0.4],
    hiss: [-50, -45],
    wow: [0.0004, 0.0009],
    loudness: [-19, -17],
  },
  '1960s': {
    width: [0.25, 0.5],
    lowCut: [50, 80],
    highCut: [7500, 9000],
    low: [0, 2],
    high: [-1, 1],
    saturation: [0.2, 0.35],
    compression: [0.2, 0.4],
    hiss: [-54, -49],
    loudness: [-18, -16],
  },
  '1970s': {
    width: [0.8, 1],
    lowCut: [35, 50],
    highCut: [9000, 10_000],
    low: [2, 4],
    high: [-5, -3],
    saturation: [0.1, 0.25],
    compression: [0.2, 0.45],
    hiss: [-64, -59],
    roomSize: [0.8, 1.1],
    loudness: [-18, -16],
  },
  '1980s': {
    width: [1, 1.25],
    lowCut: [40, 50],
    highCut: FULL_BAND,
    low: [-2, 0],
    high: [3, 5],
    saturation: [0, 0],
    compression: [0.2, 0.5],
    roomSize: [1.4, 1.9],
    wet: [1.3, 1.7],
    chorus: [0.35, 0.6],
    loudness: [-17, -15],
  },
  '1990s': {
    width: [1, 1.2],
    lowCut: [30, 35],
    highCut: FULL_BAND,
    low: [0, 1],
    high: [0, 1.5],
    saturation: [0, 0],
    compression: [0.1, 0.4],
    loudness: [-16, -14],
  },
  '2000s': {
    width: [1, 1.2],
    lowCut: [30, 30],
    highCut: FULL_BAND,
    low: [0, 2],
    high: [3, 4.5],
    saturation: [0, 0.1],
    compression: [0.75, 1],
    roomSize: [0.7, 1],
    loudness: [-11, -9.5],
  },
  '2010s': {
    width: [1.1, 1.35],
    lowCut: [28, 28],
    highCut: FULL_BAND,
    low: [1, 3],
    high: [2, 4],
    saturation: [0, 0.1],
    compression: [0.6, 0.9],
    loudness: [-12, -10.5],
  },
  '2020s': {
    width: [1, 1.4],
    lowCut: [25, 25],
    highCut: FULL_BAND,
    low: [3, 5],
    high: [0, 1],
    saturation: [0, 0],
    compression: [0.2, 0.5],
    loudness: [-15, -13.5],
  },
}

/** A way to make new recordings sound worn. */
const LO_FI: Era = {
  width: [0.4, 0.8],
  lowCut: [60, 90],
  highCut: [3600, 4800],
  low: [1, 3],
  high: [-3, -1],
  saturation: [0.2, 0.4],
  compression: [0.4, 0.7],
  hiss: [-52, -46],
  crackle: [5, 12],
  wow: [0.002, 0.004],
  loudness: [-17, -15],
}

/** Where a year belongs: "1960s". */
export function decade(year: number): string {
  return `${Math.floor(year / 10) * 10}s`
}

export interface RecordingOptions {
  year: number
  /** Whether it is made to sound worn. */
  loFi: boolean
  /** The artist's leaning to dark or bright, dry or reverberant, clean or distorted: -1 to 1. */
  brightness: number
  room: number
  drive: number
}

/** Decides how an album sounds. */
export function planRecording(options: RecordingOptions, rng: Random): Recording {
  const { year, loFi, brightness, room, drive } = options
  const name = decade(year)
  const era = loFi ? LO_FI : (ERAS[name] ?? ERAS['2020s'])
  const draw = (range: Range | undefined, otherwise = 0): number =>
    range ? rng.between(range[0], range[1]) : otherwise
  const width = draw(era.width)
  const tilt = brightness * 3
  return {
    era: name,
    width: rounded(width, 2),
    lowCut: Math.round(draw(era.lowCut)),
    highCut: Math.round(draw(era.highCut)),
    low: rounded(draw(era.low) - tilt / 3, 1),
    high: rounded(draw(era.high) + tilt, 1),
    saturation: rounded(Math.max(0, draw(era.saturation) + Math.max(0, drive) * 0.3), 2),
    compression: rounded(draw(era.compression), 2),
    ...(era.hiss ? { hiss: rounded(draw(era.hiss), 1) } : {}),
    crackle: rounded(draw(era.crackle), 1),
    wow: rounded(draw(era.wow), 4),
    roomSize: rounded(draw(era.roomSize, 1) * 2 ** (room * 0.8), 2),
    wet: rounded(draw(era.wet, 1) * 2 ** (room * 0.8), 2),
    chorus: rounded(draw(era.chorus), 2),
    loudness: rounded(draw(era.loudness), 1),
  }
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}

/** What a listener would say of a recording, whose mix is saturated by `drive`: each word from the numbers that make it so. */
export function recordingWords(recording: Recording, drive = 0): string[] {
  const { width, highCut, low, high, compression, hiss, crackle, wow, loudness } = recording
  const saturation = recording.saturation + drive
  const year = Number.parseInt(recording.era, 10)
  const words: string[] = []
  const worn = crackle > 0 || highCut < 5500
  if (worn) words.push(year >= 1990 ? 'lo-fi' : 'old recording')
  if (width === 0) words.push('mono')
  else if (width <= 0.5) words.push('narrow stereo')
  else if (width >= 1.25) words.push('wide stereo')
  if (highCut < 5500) words.push(year >= 1990 ? 'muffled' : 'narrow band')
  if (crackle > 0) words.push(year >= 1950 ? 'vinyl crackle' : 'shellac crackle')
  else if (hiss !== undefined && hiss > -57) words.push('tape hiss')
  if (wow >= 0.002) words.push('wow and flutter')
  if (highCut > 5500) {
    if (high >= 3) words.push('bright')
    else if (low >= 2 && high <= -2) words.push('warm')
    else if (high <= -2.5) words.push('dull')
    if (low >= 3 && high > -2) words.push('deep bass')
  }
  if (saturation >= 0.3) words.push('saturated')
  if (compression >= 0.6) words.push('compressed')
  if (loudness >= -12) words.push('loud')
  if (recording.chorus >= 0.3) words.push('chorus')
  if (saturation <= 0.1 && hiss === undefined && compression < 0.6) words.push('clean')
  return words
}

/** All that `recordingWords` and `roomWords` say, for tables. */
export const PRODUCTION_WORDS = [
  ...['lo-fi', 'old recording', 'mono', 'narrow stereo', 'wide stereo', 'muffled', 'narrow band'],
  ...[
    'vinyl crackle',
    'shellac crackle',
    'tape hiss',
    'wow and flutter',
    'bright',
    'warm',
    'dull',
    'deep bass',
  ],
  ...['saturated', 'compressed', 'loud', 'chorus', 'clean'],
] as const

export const ROOM_WORDS = ['dry studio', 'small room', 'large room', 'concert hall', 'cathedral'] as const

/** The room as it is heard: `seconds` of decay, and the share of the sound that is sent into it. */
export function roomWord(seconds: number, wet: number): (typeof ROOM_WORDS)[number] {
  if (seconds < 0.6 || wet < 0.12) return 'dry studio'
  if (seconds < 1.3) return 'small room'
  if (seconds < 2.1) return 'large room'
  return seconds < 3.6 ? 'concert hall' : 'cathedral'
}
