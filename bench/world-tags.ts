/** Which network names a tag. */
export type Tagger = 'musicnn-msd' | 'musicnn-mtt' | 'yamnet'

/**
 * For each style of the world the tags that mean it, or what is heard of it: chosen by meaning, from the lists of the three
 * networks, before any was measured. The figure is the best of a row: a style that no list names is heard by its lead instrument.
 */
export const TAGS_OF_STYLES: Readonly<Record<string, readonly (readonly [Tagger, string])[]>> = {
  'piano-ballad': [
    ['musicnn-mtt', 'piano'],
    ['yamnet', 'Piano'],
  ],
  'music-box': [
    ['yamnet', 'Lullaby'],
    ['yamnet', 'Glockenspiel'],
  ],
  'string-quartet': [
    ['musicnn-mtt', 'strings'],
    ['musicnn-mtt', 'violin'],
    ['yamnet', 'Violin, fiddle'],
  ],
  'baroque-harpsichord': [
    ['musicnn-mtt', 'harpsichord'],
    ['yamnet', 'Harpsichord'],
  ],
  waltz: [
    ['musicnn-mtt', 'classical'],
    ['yamnet', 'Orchestra'],
  ],
  'brass-march': [
    ['yamnet', 'Brass instrument'],
    ['yamnet', 'Trumpet'],
  ],
  choir: [
    ['musicnn-mtt', 'choir'],
    ['musicnn-mtt', 'choral'],
    ['yamnet', 'Choir'],
  ],
  'church-organ': [
    ['yamnet', 'Organ'],
    ['yamnet', 'Electronic organ'],
  ],
  'jazz-trio': [
    ['musicnn-msd', 'jazz'],
    ['yamnet', 'Jazz'],
  ],
  blues: [
    ['musicnn-msd', 'blues'],
    ['yamnet', 'Blues'],
  ],
  'bossa-nova': [
    ['yamnet', 'Music of Latin America'],
    ['musicnn-msd', 'easy listening'],
  ],
  flamenco: [
    ['yamnet', 'Flamenco'],
    ['musicnn-mtt', 'guitar'],
  ],
  tango: [
    ['yamnet', 'Accordion'],
    ['yamnet', 'Music of Latin America'],
  ],
  country: [
    ['musicnn-msd', 'country'],
    ['musicnn-mtt', 'country'],
    ['yamnet', 'Country'],
  ],
  celtic: [
    ['yamnet', 'Folk music'],
    ['yamnet', 'Traditional music'],
    ['musicnn-msd', 'folk'],
  ],
  'acoustic-folk': [
    ['musicnn-msd', 'folk'],
    ['musicnn-msd', 'acoustic'],
  ],
  rock: [
    ['musicnn-msd', 'rock'],
    ['musicnn-mtt', 'rock'],
    ['yamnet', 'Rock music'],
  ],
  metal: [
    ['musicnn-msd', 'metal'],
    ['musicnn-mtt', 'metal'],
    ['yamnet', 'Heavy metal'],
  ],
  reggae: [['yamnet', 'Reggae']],
  funk: [
    ['musicnn-msd', 'funk'],
    ['yamnet', 'Funk'],
    ['yamnet', 'Disco'],
  ],
  'hip-hop': [
    ['musicnn-msd', 'Hip-Hop'],
    ['yamnet', 'Hip hop music'],
  ],
  house: [
    ['musicnn-msd', 'House'],
    ['yamnet', 'House music'],
  ],
  techno: [
    ['musicnn-mtt', 'techno'],
    ['yamnet', 'Techno'],
  ],
  'drum-and-bass': [['yamnet', 'Drum and bass']],
  synthwave: [
    ['musicnn-mtt', 'synth'],
    ['musicnn-msd', 'electronic'],
    ['yamnet', 'Synthesizer'],
  ],
  chiptune: [['yamnet', 'Video game music']],
  ambient: [
    ['musicnn-msd', 'ambient'],
    ['musicnn-mtt', 'ambient'],
    ['yamnet', 'Ambient music'],
  ],
  'minimal-marimba': [
    ['yamnet', 'Marimba, xylophone'],
    ['yamnet', 'Mallet percussion'],
  ],
}

/** Recordings of a time against all others, by a tag that names it. */
export const TAGS_OF_ERAS: readonly {
  readonly name: string
  readonly eras: readonly string[]
  readonly tag: readonly [Tagger, string]
}[] = [
  { name: 'before 1960', eras: ['1930s', '1940s', '1950s'], tag: ['musicnn-msd', 'oldies'] },
  { name: '1980s', eras: ['1980s'], tag: ['musicnn-msd', '80s'] },
  { name: '2000s', eras: ['2000s'], tag: ['musicnn-msd', '00s'] },
]
