import type { Addition } from './addition.js'

export const ROOTS: Readonly<Record<string, Addition>> = {
  'jazz-trio': {
    moods: [
      { words: ['bluesy', 'soulful'], mode: 'mixolydian', tempo: [104, 116], energy: 0.55 },
      { words: ['hectic', 'virtuosic'], mode: 'minor', tempo: [190, 214], energy: 0.85 },
      { words: ['romantic', 'tender'], mode: 'major', tempo: [66, 76], energy: 0.3 },
      { words: ['restless', 'modal'], mode: 'dorian', tempo: [136, 152], energy: 0.65 },
    ],
    ensembles: [
      { lead: 'altoSax', chords: 'piano', bass: 'uprightBass', drums: 'jazzKit' },
      { lead: 'vibraphone', chords: 'piano', bass: 'uprightBass', drums: 'brushKit' },
      { lead: 'mutedTrumpet', chords: 'piano', bass: 'uprightBass', drums: 'brushKit' },
      { lead: 'clarinet', chords: 'piano', bass: 'uprightBass', drums: 'jazzKit' },
      { lead: 'trumpet', chords: 'piano', bass: 'uprightBass', drums: 'jazzKit' },
    ],
    tonics: [0, 2, 3, 5, 7, 8, 9, 10],
    harmony: {
      major: {
        A: ['Imaj7 IVmaj7 iii7 VI7', 'Imaj9 bIIImaj7 bVImaj7 V7', 'I69 vi7 II7 V7', 'Imaj7 i6 ii7 V13'],
        B: ['vi7 II7 ii7 V7', 'iv7 bVII9 Imaj7 VI7b9', 'IVmaj7 bVII9 iii7 VI7'],
      },
      minor: {
        A: ['i6 iv7 VII7 IIImaj7', 'i9 bII7 i9 V7b9', 'im7 VImaj7 iim7b5 V7'],
        B: ['VImaj7 VII7 IIImaj7 V7b9', 'iv7 VII7 i6 V7b9'],
      },
      mixolydian: {
        A: ['I13 IV9 I13 VI7b9', 'I7 IV7 I7 V7', 'I9 I9 IV9 IV9'],
        B: ['IV9 IV9 I13 VI7', 'ii7 V13 I7 V7'],
        end: ['I9'],
      },
      dorian: {
        A: ['i9 i9 IV9 i9', 'i7 ii7 i7 IV7'],
        B: ['IIImaj7 ii7 i9 i9', 'VIImaj7 IV9 i9 i9'],
        end: ['i9'],
      },
    },
  },
  blues: {
    moods: [
      { words: ['brooding', 'moody'], mode: 'minor', tempo: [108, 122], energy: 0.55 },
      { words: ['swaggering', 'earthy'], mode: 'mixolydian', tempo: [118, 132], energy: 0.65 },
      { words: ['rowdy', 'driving'], mode: 'mixolydian', tempo: [176, 190], energy: 0.85 },
    ],
    ensembles: [
      { lead: 'jazzGuitar', chords: 'hammond', bass: 'uprightBass', drums: 'standardKit' },
      { lead: 'tenorSax', chords: 'piano', bass: 'uprightBass', drums: 'brushKit' },
      { lead: 'harmonica', chords: 'piano', bass: 'bassGuitar', drums: 'standardKit' },
      { lead: 'overdriveGuitar', chords: 'piano', bass: 'bassGuitar', drums: 'rockKit' },
    ],
    tonics: [0, 2, 4, 5, 7, 9, 10, 11],
    harmony: {
      mixolydian: {
        A: [
          'I7 I7 I7 I7 IV7 IV7 I7 I7 V7 IV7 I7 V7',
          'I7 IV9 I7 I7 IV9 IV9 I7 VI7 ii7 V7 I7 V7',
          'I7 I7 I7 I7 IV7 IV7 I7 I7 V7 V7 I7 V7',
        ],
      },
      minor: { A: ['i7 i7 i7 i7 iv7 iv7 i7 i7 iim7b5 V7 i7 V7', 'i7 iv7 i7 i7 iv7 iv7 i7 i7 v7 iv7 i7 v7'] },
    },
  },
  'bossa-nova': {
    moods: [
      { words: ['tender', 'nostalgic'], mode: 'major', tempo: [104, 114], energy: 0.3 },
      { words: ['playful', 'swaying'], mode: 'major', tempo: [148, 160], energy: 0.6 },
      { words: ['melancholic', 'moonlit'], mode: 'minor', tempo: [122, 134], energy: 0.45 },
    ],
    ensembles: [
      { lead: 'clarinet', guitar: 'nylonGuitar', bass: 'uprightBass', drums: 'brushKit' },
      { lead: 'vibraphone', guitar: 'nylonGuitar', bass: 'uprightBass', drums: 'brushKit' },
      { lead: 'mutedTrumpet', guitar: 'nylonGuitar', bass: 'uprightBass', drums: 'brushKit' },
      { lead: 'electricPiano', guitar: 'nylonGuitar', bass: 'bassGuitar', drums: 'brushKit' },
      { lead: 'altoSax', guitar: 'nylonGuitar', bass: 'uprightBass', drums: 'brushKit' },
    ],
    harmony: {
      major: {
        A: ['Imaj9 vi9 ii9 V13', 'Imaj7 #idim7 ii7 V7', 'I69 II9 ii9 V7b9', 'Imaj7 bVII9 VI7 II9'],
        B: ['iv7 bVII9 iii7 VI7b9', 'ii7 V7 iii7 vi7', 'IVmaj7 bVII9 Imaj7 VI7'],
      },
      minor: {
        A: ['i9 VII9 VImaj7 V7b9', 'i6 iv7 i6 V7b9', 'im7 VI7 iim7b5 V7'],
        B: ['IIImaj7 VImaj7 iim7b5 V7', 'iv9 i9 II7 V7'],
      },
    },
  },
  flamenco: {
    moods: [
      { words: ['melancholic', 'solitary'], mode: 'phrygian', tempo: [72, 82], energy: 0.35 },
      { words: ['proud', 'intense'], mode: 'phrygian', tempo: [100, 112], energy: 0.65 },
      { words: ['wild', 'breathless'], mode: 'phrygian', tempo: [146, 160], energy: 0.9 },
    ],
    tonics: [1, 2, 4, 6, 8, 9, 11],
    harmony: {
      phrygian: {
        A: ['I II III II,I', 'iv iv III II', 'I I II II', 'I vii II I'],
        B: ['VI III II I', 'iv VI II I', 'vii III II I', 'III vii VI II'],
      },
    },
  },
  tango: {
    moods: [
      { words: ['fiery', 'sharp'], mode: 'minor', tempo: [128, 138], energy: 0.85 },
      { words: ['nostalgic', 'weary'], mode: 'minor', tempo: [94, 104], energy: 0.4 },
      { words: ['flirtatious', 'playful'], mode: 'major', tempo: [108, 118], energy: 0.55 },
    ],
    ensembles: [
      { lead: 'bandoneon', second: 'flute', piano: 'piano', bass: 'contrabass' },
      { lead: 'flute', second: 'bandoneon', piano: 'piano', bass: 'contrabass' },
      { lead: 'bandoneon', second: 'clarinet', piano: 'piano', bass: 'contrabass' },
      { lead: 'musette', second: 'violin', piano: 'piano', bass: 'contrabass' },
    ],
    tonics: [0, 2, 3, 4, 5, 7, 9, 11],
    harmony: {
      minor: {
        A: ['i VII VI V7', 'i i/3 iv V7', 'i iim7b5 V7 i', 'i bII V7 i'],
        B: ['iv VII7 III V7', 'VI III iim7b5 V7', 'III III7 VI V7'],
      },
      major: { A: ['I vi ii V7', 'I I/3 IV V7', 'I III7 vi V7'], B: ['iv I V7 I', 'ii V7 iii VI7'] },
    },
  },
  country: {
    moods: [
      { words: ['lonesome', 'wistful'], mode: 'major', tempo: [80, 90], energy: 0.4 },
      { words: ['rowdy', 'barn-dance'], mode: 'major', tempo: [154, 168], energy: 0.85 },
      { words: ['homesick', 'dusty'], mode: 'minor', tempo: [100, 112], energy: 0.5 },
    ],
    ensembles: [
      { lead: 'fiddle', roll: 'mandolin', guitar: 'steelGuitar', bass: 'uprightBass', drums: 'brushKit' },
      { lead: 'harmonica', roll: 'banjo', guitar: 'steelGuitar', bass: 'bassGuitar', drums: 'standardKit' },
      {
        lead: 'cleanGuitar',
        roll: 'steelGuitar',
        guitar: 'steelGuitar',
        bass: 'bassGuitar',
        drums: 'standardKit',
      },
      { lead: 'fiddle', roll: 'dulcimer', guitar: 'steelGuitar', bass: 'uprightBass', drums: 'brushKit' },
    ],
    tonics: [0, 2, 4, 5, 7, 9, 11],
    harmony: {
      major: {
        A: ['I V I V', 'I I V V', 'I IV V I', 'I I7 IV V', 'I V vi IV'],
        B: ['V IV I I', 'ii V I IV', 'IV IV I V', 'vi V IV V'],
      },
      mixolydian: { A: ['I IV VII I', 'I VII I IV'], B: ['VII VII IV I', 'IV IV I VII'] },
      minor: {
        A: ['i VII i VII', 'i VI VII i', 'i III VII i'],
        B: ['iv i VII i', 'VI III VII VII'],
        end: ['i'],
      },
    },
  },
  celtic: {
    moods: [
      { words: ['gentle', 'wistful'], mode: 'major', tempo: [84, 94], energy: 0.45 },
      { words: ['boisterous', 'rousing'], mode: 'mixolydian', tempo: [120, 132], energy: 0.85 },
      { words: ['brooding', 'ancient'], mode: 'minor', tempo: [96, 106], energy: 0.55 },
    ],
    ensembles: [
      { lead: 'flute', second: 'fiddle', chords: 'steelGuitar', drone: 'accordion' },
      { lead: 'accordion', second: 'fiddle', chords: 'steelGuitar', drone: 'accordion' },
      { lead: 'fiddle', second: 'tinWhistle', chords: 'nylonGuitar', drone: 'musette' },
      { lead: 'tinWhistle', second: 'flute', chords: 'steelGuitar', drone: 'bagpipe' },
      { lead: 'mandolin', second: 'fiddle', chords: 'steelGuitar', drone: 'accordion' },
    ],
    tonics: [0, 2, 4, 5, 7, 9, 11],
    harmony: {
      major: {
        A: ['I IV I V I IV V I', 'I vi IV V I vi V I', 'I I V V I I IV,V I'],
        B: ['V I IV I V I V I', 'IV V I vi IV I V I'],
      },
      dorian: {
        A: ['i VII IV i i VII v i', 'i i IV VII i i VII i'],
        B: ['VII VII i i III VII VII i', 'IV IV VII VII i VII v i'],
      },
      mixolydian: { A: ['I VII I VII I IV VII I', 'I IV I VII I IV VII I'], B: ['VII IV I I VII IV VII I'] },
      minor: {
        A: ['i VII i VI i VII v i', 'i i VI VII i i VII i'],
        B: ['VI VII i i VI VII v i', 'III VII i VI III VII v i'],
        end: ['i'],
      },
    },
  },
  'acoustic-folk': {
    moods: [
      { words: ['melancholic', 'hushed'], mode: 'minor', tempo: [64, 72], energy: 0.25 },
      { words: ['warm', 'contented'], mode: 'major', tempo: [76, 86], energy: 0.4 },
      { words: ['restless', 'wandering'], mode: 'dorian', tempo: [108, 120], energy: 0.55 },
    ],
    ensembles: [
      { guitar: 'steelGuitar', lead: 'harmonica' },
      { guitar: 'steelGuitar', lead: 'fiddle' },
      { guitar: 'nylonGuitar', lead: 'clarinet' },
      { guitar: 'steelGuitar', lead: 'cello' },
      { guitar: 'nylonGuitar', lead: 'flute' },
    ],
    tonics: [0, 2, 4, 5, 7, 9, 11],
    harmony: {
      major: {
        A: ['I IV I V', 'I vi ii V', 'I V IV V', 'I IV vi V', 'Imaj7 IVmaj7 Imaj7 V'],
        B: ['IV V I vi', 'vi V IV I', 'ii V iii vi', 'IV I ii V'],
      },
      minor: { A: ['i VI VII i', 'i v VI VII', 'i iv VII III'], B: ['III VII i VI', 'VI III VII iv'] },
      dorian: {
        A: ['i IV i VII', 'i VII IV i', 'i v IV IV'],
        B: ['III VII IV i', 'VII IV i i'],
        end: ['iadd9'],
      },
    },
  },
}
