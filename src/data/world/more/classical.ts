import { THREE_FOUR } from '../../composer/style.js'
import type { Addition } from './addition.js'

const CLASSICAL_MINOR = {
  A: ['i V7/3 i iv,V7', 'i VI iidim/3 V7', 'i VII VI V7', 'i iv VII III'],
  B: ['III iv i/5 V7', 'VI VII III V7', 'iv VII III VI'],
}
const CLASSICAL_MAJOR = {
  A: ['I I/3 IV V7', 'I V vi,iii IV,V7', 'I vi IV ii,V7', 'I IV/3 V7/3 I'],
  B: ['IV ii V/3 V7', 'vi ii V7/3 I', 'iii vi ii V7'],
}

export const CLASSICAL: Readonly<Record<string, Addition>> = {
  'piano-ballad': {
    moods: [
      { words: ['nostalgic', 'gentle'], mode: 'major', tempo: [60, 68], energy: 0.3 },
      { words: ['passionate', 'stormy'], mode: 'minor', tempo: [92, 104], energy: 0.8 },
      { words: ['hopeful', 'luminous'], mode: 'major', tempo: [82, 92], energy: 0.55 },
    ],
    ensembles: [{ piano: 'brightPiano' }],
    tonics: [0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11],
    harmony: {
      minor: {
        A: ['i VII VI VII', 'i VI iv V7', 'i III VII VI', 'iadd9 VImaj7 III VII', 'i i/3 iv VI,V7'],
        B: ['VI III iv V7', 'III VII iv VI', 'iv i VI V7'],
      },
      major: {
        A: ['I ii7 V7 vi', 'Iadd9 V/3 IV I/3', 'vi IV I V', 'I Imaj7 IV iv', 'I IV vi V'],
        B: ['IV V vi I/3', 'ii7 V7 iii7 vi', 'IV iv I/5 V7'],
      },
    },
  },
  'music-box': {
    moods: [
      { words: ['tender', 'sleepy'], mode: 'major', tempo: [76, 86], energy: 0.3 },
      { words: ['eerie', 'mysterious'], mode: 'minor', tempo: [96, 108], energy: 0.4 },
    ],
    ensembles: [
      { lead: 'celesta', under: 'celesta' },
      { lead: 'glockenspiel', under: 'musicBox' },
      { lead: 'musicBox', under: 'kalimba' },
      { lead: 'musicBox', under: 'harp' },
    ],
    tonics: [0, 1, 2, 3, 4, 5, 7, 8, 9, 10],
    harmony: {
      major: {
        A: ['I iii IV V7', 'I IV V7 I', 'I I/3 ii V7', 'vi IV I V7'],
        B: ['ii V7 I vi', 'IV V7 iii vi', 'iv I/5 V7 I'],
      },
      minor: { A: ['i III iv V7', 'i VI VII V7', 'i v VI iv'], B: ['III VII i V7', 'iv i VI V7'] },
    },
  },
  'string-quartet': {
    moods: [
      { words: ['serene', 'noble'], mode: 'major', tempo: [64, 74], energy: 0.35 },
      { words: ['playful', 'light'], mode: 'major', tempo: [124, 138], energy: 0.65 },
      { words: ['brooding', 'tense'], mode: 'minor', tempo: [90, 100], energy: 0.5 },
      { words: ['courtly', 'gracious'], mode: 'major', tempo: [112, 124], energy: 0.5, metre: THREE_FOUR },
    ],
    tonics: [0, 2, 3, 4, 5, 7, 8, 9, 10],
    harmony: { minor: CLASSICAL_MINOR, major: CLASSICAL_MAJOR },
  },
  'baroque-harpsichord': {
    moods: [
      { words: ['festive', 'brilliant'], mode: 'major', tempo: [120, 132], energy: 0.8 },
      { words: ['plaintive', 'delicate'], mode: 'minor', tempo: [88, 98], energy: 0.45 },
    ],
    ensembles: [
      { keys: 'harpsichord', flute: 'oboe' },
      { keys: 'harpsichord', flute: 'violin' },
      { keys: 'harpsichord', flute: 'flute' },
    ],
    harmony: { minor: CLASSICAL_MINOR, major: CLASSICAL_MAJOR },
  },
  waltz: {
    moods: [
      { words: ['brilliant', 'exuberant'], mode: 'major', tempo: [172, 186], energy: 0.85 },
      { words: ['nostalgic', 'tender'], mode: 'minor', tempo: [120, 132], energy: 0.4 },
    ],
    ensembles: [
      { lead: 'violin', second: 'oboe', chords: 'strings', bass: 'contrabass' },
      { lead: 'clarinet', second: 'flute', chords: 'pizzicato', bass: 'contrabass' },
      { lead: 'accordion', second: 'violin', chords: 'strings', bass: 'contrabass' },
      { lead: 'violin', second: 'horn', chords: 'pizzicato', bass: 'contrabass' },
    ],
    harmony: {
      major: {
        A: ['I I ii V7 V7 ii V7 I', 'I I/3 IV IV V7 V7 I I', 'I iii vi ii V7 V7 I V7'],
        B: ['V V I I V V7 I I', 'IV V7 iii vi ii V7 I I', 'ii ii vi vi II7 II7 V7 V7'],
      },
      minor: {
        A: ['i V7 i iv i V7 i V7', 'i i VI VI iv iv V7 V7', 'i VII VI V7 iv i V7 i'],
        B: ['VI VI III III iv iv V7 V7', 'iv VII III VI iidim/3 V7 i i'],
      },
    },
  },
  'brass-march': {
    moods: [
      { words: ['jaunty', 'good-humoured'], mode: 'major', tempo: [106, 116], energy: 0.65 },
      { words: ['grand', 'ceremonial'], mode: 'major', tempo: [92, 102], energy: 0.7 },
    ],
    ensembles: [
      {
        lead: 'trumpet',
        second: 'horn',
        chords: 'trombone',
        bass: 'tuba',
        drums: 'orchestraKit',
        top: 'piccolo',
      },
      {
        lead: 'trumpet',
        second: 'trombone',
        chords: 'horn',
        bass: 'tuba',
        drums: 'orchestraKit',
        top: 'clarinet',
      },
      {
        lead: 'brass',
        second: 'trombone',
        chords: 'horn',
        bass: 'tuba',
        drums: 'orchestraKit',
        top: 'flute',
      },
    ],
    harmony: {
      major: {
        A: ['I V7 V7 I', 'I I IV V7', 'I vi ii V7', 'I V7/3 I IV,V7'],
        B: ['V7 I V7 I', 'IV iv I V7', 'vi II7 V V7'],
      },
      minor: { A: ['i VII i V7', 'i V7/3 VI V7'], B: ['VII III iv V7', 'III VI iv V7'] },
    },
  },
  choir: {
    moods: [
      { words: ['peaceful', 'ethereal'], mode: 'lydian', tempo: [58, 66], energy: 0.35 },
      { words: ['mournful', 'solemn'], mode: 'minor', tempo: [66, 76], energy: 0.5 },
      { words: ['jubilant', 'bright'], mode: 'major', tempo: [88, 98], energy: 0.75 },
    ],
    ensembles: [
      { choir: 'voices', low: 'voices' },
      { choir: 'choir', low: 'cello' },
    ],
    tonics: [0, 1, 2, 3, 4, 5, 7, 8, 10],
    harmony: {
      major: {
        A: ['I iii IV V', 'I ii/3 V I', 'I IV ii V', 'vi IV I V/3'],
        B: ['ii vi IV V', 'iii vi ii V', 'IV V vi I/3'],
      },
      minor: { A: ['i v VI iv', 'i III VII iv', 'i iv VII III'], B: ['iv VII III V', 'VI VII i V'] },
      lydian: { A: ['I II iii I', 'I vi II I', 'I II I/3 V'], B: ['vi II iii V', 'iii vi II V'], end: ['I'] },
    },
  },
  'church-organ': {
    moods: [
      { words: ['jubilant', 'bright'], mode: 'major', tempo: [98, 110], energy: 0.8 },
      { words: ['mournful', 'solemn'], mode: 'minor', tempo: [58, 68], energy: 0.35 },
      { words: ['stern', 'powerful'], mode: 'dorian', tempo: [86, 96], energy: 0.85 },
    ],
    ensembles: [
      { manual: 'churchOrgan', pedal: 'churchOrgan' },
      { manual: 'fullOrgan', pedal: 'fullOrgan' },
    ],
    tonics: [0, 2, 3, 4, 5, 7, 9, 10],
    harmony: {
      major: { A: CLASSICAL_MAJOR.A, B: CLASSICAL_MAJOR.B },
      minor: { A: CLASSICAL_MINOR.A, B: CLASSICAL_MINOR.B },
      dorian: {
        A: ['i IV VII i', 'i VII IV i', 'i v IV i'],
        B: ['III VII IV i', 'VII IV III v'],
        end: ['I'],
      },
    },
  },
  'minimal-marimba': {
    moods: [
      { words: ['joyful', 'glittering'], mode: 'lydian', tempo: [116, 128], energy: 0.7 },
      { words: ['calm', 'dreamlike'], mode: 'major', tempo: [84, 92], energy: 0.4 },
      { words: ['urgent', 'mechanical'], mode: 'minor', tempo: [126, 138], energy: 0.75 },
    ],
    ensembles: [
      { first: 'marimba', second: 'vibraphone', top: 'celesta' },
      { first: 'marimba', second: 'kalimba', top: 'vibraphone' },
      { first: 'xylophone', second: 'marimba', top: 'glockenspiel' },
      { first: 'vibraphone', second: 'vibraphone', top: 'celesta' },
    ],
    harmony: {
      major: { A: ['Imaj7', 'Iadd9 Iadd9 vi7 vi7'], B: ['ii7 IVmaj7', 'iii7 vi7'] },
      dorian: { A: ['i9 i9 IV IV', 'i7 VIImaj7'], B: ['ii7 IV', 'IIImaj7 IV'] },
      minor: { A: ['i9 VImaj7', 'i7 v7'], B: ['iv7 i9', 'IIImaj7 VII'] },
      lydian: { A: ['Imaj7 II', 'Iadd9'], B: ['vi7 II', 'iii7 II'], end: ['Iadd9'] },
    },
  },
}
