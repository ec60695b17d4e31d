import type { Addition } from './addition.js'

export const POPULAR: Readonly<Record<string, Addition>> = {
  rock: {
    moods: [
      { words: ['brooding', 'slow-burning'], mode: 'minor', tempo: [84, 96], energy: 0.7 },
      { words: ['triumphant', 'soaring'], mode: 'major', tempo: [104, 114], energy: 0.8 },
      { words: ['frantic', 'punchy'], mode: 'major', tempo: [168, 184], energy: 0.95 },
      { words: ['bluesy', 'swaggering'], mode: 'dorian', tempo: [98, 112], energy: 0.8 },
    ],
    ensembles: [
      { lead: 'overdriveGuitar', rhythm: 'distortionGuitar', bass: 'pickBass', drums: 'powerKit' },
      { lead: 'distortionGuitar', rhythm: 'distortionGuitar', bass: 'bassGuitar', drums: 'rockKit' },
      { lead: 'rockOrgan', rhythm: 'distortionGuitar', bass: 'pickBass', drums: 'powerKit' },
      { lead: 'cleanGuitar', rhythm: 'overdriveGuitar', bass: 'bassGuitar', drums: 'rockKit' },
    ],
    tonics: [0, 2, 4, 5, 7, 9, 10, 11],
    harmony: {
      major: {
        A: ['I IV I V', 'I iii IV V', 'I V IV IV', 'I bVII IV I', 'vi IV I V'],
        B: ['IV V I vi', 'I V vi IV', 'vi V IV V', 'ii IV I V'],
      },
      minor: {
        A: ['i VII VI VII', 'i iv VI VII', 'i VI iv VII', 'i i III VII'],
        B: ['III VII iv VI', 'VI III VII i', 'iv i VII VI'],
      },
      mixolydian: { A: ['I IV VII I', 'I VII I IV', 'I I IV VII'], B: ['VII VII IV IV', 'IV VII I I'] },
      dorian: {
        A: ['i IV i IV', 'i VII IV i', 'i i VII IV'],
        B: ['III VII IV i', 'VII IV i i'],
        end: ['i5'],
      },
    },
  },
  metal: {
    moods: [
      { words: ['brutal', 'relentless'], mode: 'phrygian', tempo: [196, 214], energy: 1 },
      { words: ['menacing', 'grinding'], mode: 'phrygian', tempo: [104, 118], energy: 0.9 },
      { words: ['heroic', 'galloping'], mode: 'minor', tempo: [140, 152], energy: 0.95 },
    ],
    ensembles: [
      { lead: 'overdriveGuitar', rhythm: 'distortionGuitar', bass: 'pickBass', drums: 'powerKit' },
      { lead: 'distortionGuitar', rhythm: 'distortionGuitar', bass: 'pickBass', drums: 'rockKit' },
    ],
    tonics: [0, 1, 2, 3, 4, 10, 11],
    harmony: {
      phrygian: {
        A: ['i i II i', 'i III II i', 'i II III II', 'i5 II5 i5 vii5'],
        B: ['VI II i i', 'III II VI vii', 'iv VI II i'],
      },
      minor: {
        A: ['i VI VII i', 'i5 i5 VI5 VII5', 'i III VI VII', 'i VII VI v'],
        B: ['III VII VI VII', 'VI i VII v', 'iv VII III VI'],
      },
    },
  },
  reggae: {
    moods: [
      { words: ['soulful', 'yearning'], mode: 'minor', tempo: [64, 72], energy: 0.45 },
      { words: ['uplifting', 'joyful'], mode: 'major', tempo: [92, 100], energy: 0.7 },
      { words: ['militant', 'heavy'], mode: 'dorian', tempo: [72, 80], energy: 0.65 },
    ],
    ensembles: [
      { lead: 'tenorSax', skank: 'funkGuitar', organ: 'hammond', bass: 'bassGuitar', drums: 'rockKit' },
      { lead: 'flute', skank: 'cleanGuitar', organ: 'hammond', bass: 'bassGuitar', drums: 'standardKit' },
      { lead: 'trumpet', skank: 'mutedGuitar', organ: 'hammond', bass: 'bassGuitar', drums: 'standardKit' },
      { lead: 'harmonica', skank: 'funkGuitar', organ: 'hammond', bass: 'bassGuitar', drums: 'standardKit' },
      { lead: 'trombone', skank: 'funkGuitar', organ: 'hammond', bass: 'fretlessBass', drums: 'rockKit' },
    ],
    tonics: [0, 2, 3, 4, 5, 7, 9, 10],
    harmony: {
      major: {
        A: ['I I IV IV', 'I V IV V', 'I vi ii V', 'I iii IV V', 'I IV'],
        B: ['ii V I vi', 'IV V iii vi', 'iii vi ii V'],
      },
      minor: {
        A: ['i i iv iv', 'i VII VI VII', 'i v', 'i VI iv v'],
        B: ['III VII i i', 'iv v VI VII', 'VI VII i v'],
      },
      dorian: { A: ['i IV i IV', 'i VII IV i', 'i i IV VII'], B: ['III VII i i', 'VII IV i i'], end: ['i'] },
    },
  },
  funk: {
    moods: [
      { words: ['sweaty', 'raw'], mode: 'mixolydian', tempo: [92, 100], energy: 0.8 },
      { words: ['euphoric', 'glittering'], mode: 'major', tempo: [120, 128], energy: 0.85 },
      { words: ['cool', 'strutting'], mode: 'dorian', tempo: [96, 106], energy: 0.65 },
    ],
    ensembles: [
      { horns: 'trumpet', guitar: 'funkGuitar', keys: 'clavinet', bass: 'bassGuitar', drums: 'standardKit' },
      { horns: 'tenorSax', guitar: 'funkGuitar', keys: 'electricPiano', bass: 'slapBass', drums: 'rockKit' },
      {
        horns: 'synthBrass',
        guitar: 'funkGuitar',
        keys: 'fmPiano',
        bass: 'synthBass',
        drums: 'electronicKit',
      },
      { horns: 'brass', guitar: 'funkGuitar', keys: 'hammond', bass: 'bassGuitar', drums: 'rockKit' },
    ],
    tonics: [0, 2, 3, 4, 5, 7, 9, 10],
    harmony: {
      dorian: {
        A: ['i7 i7 i7 IV9', 'i9 IV13 i9 IV13', 'i9 VII9 IV9 i9'],
        B: ['ii7 IV9 i9 i9', 'IIImaj7 ii7 i9 IV9'],
      },
      minor: {
        A: ['im7 VII9 VImaj7 v7', 'im7 im7 iv7 iv7', 'im7 v7 VImaj7 VII9'],
        B: ['iv7 VII9 IIImaj7 VImaj7', 'VImaj7 v7 iv7 VII9'],
      },
      mixolydian: {
        A: ['I9 I9 I9 I9', 'I9 VII9 IV9 I9', 'I7 I7 IV7 VII7'],
        B: ['IV9 IV9 I9 I9', 'v7 IV9 I9 I9'],
      },
      major: {
        A: ['Imaj7 iii7 IVmaj7 V7', 'vi7 ii7 V7 Imaj7', 'ii7 V7 Imaj7 vi7'],
        B: ['IVmaj7 V7 iii7 vi7', 'ii7 iii7 IVmaj7 V7'],
        end: ['Imaj9'],
      },
    },
  },
  'hip-hop': {
    moods: [
      { words: ['nocturnal', 'brooding'], mode: 'minor', tempo: [66, 74], energy: 0.6 },
      { words: ['bouncy', 'confident'], mode: 'dorian', tempo: [94, 104], energy: 0.75 },
      { words: ['hazy', 'dreamy'], mode: 'major', tempo: [76, 84], energy: 0.45 },
    ],
    ensembles: [
      { keys: 'electricPiano', hook: 'flute', bass: 'deepSynthBass', drums: 'kit808' },
      { keys: 'piano', hook: 'celesta', bass: 'synthBass', drums: 'kit808' },
      { keys: 'jazzGuitar', hook: 'tenorSax', bass: 'uprightBass', drums: 'standardKit' },
      { keys: 'fmPiano', hook: 'koto', bass: 'deepSynthBass', drums: 'kit808' },
      { keys: 'piano', hook: 'pizzicato', bass: 'synthBass', drums: 'electronicKit' },
    ],
    tonics: [0, 1, 2, 3, 4, 5, 7, 8, 9, 10],
    harmony: {
      dorian: {
        A: ['i9 i9 IV9 IV9', 'i7 VIImaj7', 'i9 IIImaj7 ii7 i9'],
        B: ['ii7 IV9', 'VIImaj7 ii7 i9 i9'],
      },
      phrygian: { A: ['i vii', 'i II', 'i i VI II'], B: ['III VI', 'VI VI II II'] },
      minor: {
        A: ['i9 v7', 'i9 iv9', 'VImaj7 i9', 'i9 VImaj7 IIImaj7 v7'],
        B: ['IIImaj7 VII', 'iv9 i9', 'VImaj7 VII'],
      },
      major: {
        A: ['Imaj7 IVmaj7', 'ii9 Imaj7', 'vi9 IVmaj7 Imaj7 iii7'],
        B: ['IVmaj7 iii7', 'ii9 V9'],
        end: ['Imaj9'],
      },
    },
  },
  house: {
    moods: [
      { words: ['euphoric', 'radiant'], mode: 'major', tempo: [122, 128], energy: 0.8 },
      { words: ['moody', 'nocturnal'], mode: 'minor', tempo: [121, 126], energy: 0.65 },
      { words: ['dreamy', 'floating'], mode: 'dorian', tempo: [114, 120], energy: 0.5 },
    ],
    ensembles: [
      { keys: 'piano', lead: 'synthStrings', bass: 'synthBass', drums: 'electronicKit' },
      { keys: 'fmPiano', lead: 'haloPad', bass: 'deepSynthBass', drums: 'kit808' },
      { keys: 'electricPiano', lead: 'spaceVoice', bass: 'deepSynthBass', drums: 'electronicKit' },
      { keys: 'hammond', lead: 'sweepPad', bass: 'synthBass', drums: 'kit808' },
    ],
    tonics: [0, 1, 2, 3, 4, 5, 7, 8, 9, 10],
    harmony: {
      minor: {
        A: ['i9 v7', 'VImaj7 VII9 i9 i9', 'i9 IIImaj7 iv9 VImaj7', 'i7 i7 VImaj7 VII'],
        B: ['iv9 VImaj7 i9 VII9', 'IIImaj7 VII9 i9 iv9'],
      },
      dorian: { A: ['i9 VIImaj7', 'i9 IV9 VIImaj7 IV9', 'ii7 i9'], B: ['ii7 IV9', 'IIImaj7 VIImaj7 i9 IV9'] },
      major: {
        A: ['Imaj7 vi7', 'IVmaj7 V vi7 Imaj7', 'vi7 IVmaj7 Imaj7 V'],
        B: ['ii7 IVmaj7 vi7 V', 'IVmaj7 iii7 vi7 V'],
        end: ['Imaj9'],
      },
    },
  },
  techno: {
    moods: [
      { words: ['brooding', 'industrial'], mode: 'phrygian', tempo: [126, 132], energy: 0.8 },
      { words: ['euphoric', 'soaring'], mode: 'minor', tempo: [134, 140], energy: 0.9 },
      { words: ['cold', 'metallic'], mode: 'dorian', tempo: [128, 136], energy: 0.8 },
    ],
    ensembles: [
      { riff: 'squareLead', stab: 'polysynth', drums: 'kit808' },
      { riff: 'sawLead', stab: 'synthStrings', drums: 'kit808' },
      { riff: 'synthBass', stab: 'haloPad', drums: 'electronicKit' },
      { riff: 'polysynth', stab: 'sweepPad', drums: 'electronicKit' },
    ],
    tonics: [0, 1, 2, 3, 4, 5, 7, 9, 10],
    harmony: {
      phrygian: { A: ['i i II II', 'i i i vii'], drop: ['i', 'i II i vii', 'i i III II'] },
      minor: { A: ['i i VI i', 'i i i VII'], drop: ['i VI i VII', 'i i III VII', 'VI VI i i'] },
      dorian: { A: ['i', 'i i IV i'], drop: ['i i IV VII', 'i VII i IV'] },
    },
  },
  'drum-and-bass': {
    moods: [
      { words: ['dreamy', 'weightless'], mode: 'dorian', tempo: [168, 174], energy: 0.65 },
      { words: ['frantic', 'aggressive'], mode: 'minor', tempo: [174, 182], energy: 0.95 },
      { words: ['smooth', 'late-night'], mode: 'minor', tempo: [166, 172], energy: 0.6 },
    ],
    ensembles: [
      { keys: 'vibraphone', pad: 'warmPad', bass: 'deepSynthBass', drums: 'electronicKit' },
      { keys: 'fmPiano', pad: 'haloPad', bass: 'deepSynthBass', drums: 'standardKit' },
      { keys: 'polysynth', pad: 'sweepPad', bass: 'synthBass', drums: 'powerKit' },
      { keys: 'piano', pad: 'spaceVoice', bass: 'deepSynthBass', drums: 'electronicKit' },
    ],
    tonics: [0, 1, 2, 3, 4, 5, 7, 8, 9, 10],
    harmony: {
      minor: {
        A: ['i9 VImaj7 iv9 v7', 'i9 i9 v7 v7', 'VImaj7 VII7 i9 i9', 'iv9 iv9 i9 i9'],
        drop: ['i9 v7 VImaj7 iv9', 'VImaj7 v7 i9 i9', 'i9 iv9 VImaj7 VII7'],
      },
      phrygian: { A: ['i i II i', 'i vii i II'], drop: ['i II i i', 'i i vii II'] },
      major: {
        A: ['Imaj7 Imaj7 vi7 vi7', 'IVmaj7 V vi7 vi7'],
        drop: ['IVmaj7 V iii7 vi7', 'Imaj7 V vi7 IVmaj7'],
      },
      dorian: {
        A: ['i9 IV9', 'i9 i9 VIImaj7 IV9'],
        drop: ['i9 IV9 VIImaj7 i9', 'ii7 IV9 i9 i9'],
        end: ['i9'],
      },
    },
  },
  synthwave: {
    moods: [
      { words: ['dreamy', 'romantic'], mode: 'major', tempo: [88, 98], energy: 0.55 },
      { words: ['driving', 'urgent'], mode: 'minor', tempo: [124, 136], energy: 0.85 },
      { words: ['dark', 'menacing'], mode: 'phrygian', tempo: [104, 114], energy: 0.75 },
    ],
    ensembles: [
      { lead: 'sawLead', arp: 'fmPiano', pad: 'warmPad', bass: 'synthBass', drums: 'electronicKit' },
      { lead: 'polysynth', arp: 'squareLead', pad: 'synthStrings', bass: 'synthBass', drums: 'kit808' },
      { lead: 'sineLead', arp: 'polysynth', pad: 'sweepPad', bass: 'deepSynthBass', drums: 'electronicKit' },
      { lead: 'newAge', arp: 'crystal', pad: 'synthBrass', bass: 'synthBass', drums: 'electronicKit' },
    ],
    tonics: [0, 1, 2, 3, 4, 5, 7, 9, 10, 11],
    harmony: {
      minor: {
        A: ['i III VI VII', 'i iv VI VII', 'i VI iv VII', 'i v VI VII'],
        B: ['VI III VII i', 'iv VII III VI', 'VII VI i VII'],
      },
      major: { A: ['I iii vi IV', 'vi IV I V', 'I IV vi V'], B: ['IV V iii vi', 'ii IV I V'] },
      phrygian: { A: ['i II i vii', 'i III II i', 'i VI II i'], B: ['VI II III i', 'vii II VI i'] },
    },
  },
  chiptune: {
    moods: [
      { words: ['heroic', 'triumphant'], mode: 'major', tempo: [124, 136], energy: 0.8 },
      { words: ['frantic', 'tense'], mode: 'minor', tempo: [172, 188], energy: 0.95 },
      { words: ['peaceful', 'cute'], mode: 'major', tempo: [96, 108], energy: 0.5 },
      { words: ['gloomy', 'dungeon-like'], mode: 'phrygian', tempo: [92, 104], energy: 0.6 },
    ],
    ensembles: [
      { lead: 'squareLead', second: 'squareLead', bass: 'squareLead', drums: 'electronicKit' },
      { lead: 'squareLead', second: 'sineLead', bass: 'sineLead', drums: 'kit808' },
    ],
    tonics: [0, 1, 2, 3, 4, 5, 7, 8, 9, 10],
    harmony: {
      major: {
        A: ['I IV V IV', 'I iii IV V', 'I bVII IV I', 'I V IV V'],
        B: ['ii V I vi', 'IV I ii V', 'bVI bVII I I'],
      },
      minor: { A: ['i VI III VII', 'i v VI V', 'i VII i V'], B: ['III VII VI V', 'VI iv VII V', 'iv v i i'] },
      phrygian: { A: ['i II i II', 'i II III II', 'i vii II i'], B: ['VI vii i i', 'iv III II i'] },
    },
  },
  ambient: {
    moods: [
      { words: ['warm', 'glowing'], mode: 'mixolydian', tempo: [56, 64], energy: 0.4 },
      { words: ['cold', 'desolate'], mode: 'phrygian', tempo: [48, 54], energy: 0.3 },
      { words: ['mysterious', 'nocturnal'], mode: 'dorian', tempo: [52, 60], energy: 0.35 },
    ],
    ensembles: [
      { pad: 'slowStrings', air: 'haloPad', spark: 'harp' },
      { pad: 'warmPad', air: 'spaceVoice', spark: 'celesta' },
      { pad: 'sweepPad', air: 'bowedGlass', spark: 'electricPiano' },
      { pad: 'haloPad', air: 'choir', spark: 'kalimba' },
      { pad: 'synthStrings', air: 'spaceVoice', spark: 'crystal' },
    ],
    tonics: [0, 1, 2, 3, 4, 5, 7, 8, 9, 10],
    harmony: {
      lydian: { A: ['Imaj7 vi9', 'Iadd9 II'], B: ['II Imaj9', 'iii7 vi9'] },
      minor: { A: ['i9 v7', 'VImaj7 i9', 'iadd9 VII'], B: ['iv9 VImaj7', 'IIImaj7 VII'] },
      major: { A: ['Imaj9 iii7', 'IVmaj9 Imaj9'], B: ['ii9 vi9', 'IVmaj9 V'] },
      mixolydian: { A: ['Iadd9 VII', 'I9 v7'], B: ['IVmaj7 VII', 'v7 IVmaj9'], end: ['Iadd9'] },
      phrygian: { A: ['i II', 'i vii'], B: ['VI II', 'III II'], end: ['i'] },
      dorian: { A: ['i9 IV', 'i9 VIImaj7'], B: ['VIImaj7 IV', 'IIImaj7 ii7'], end: ['iadd9'] },
    },
  },
}
