import type { Facts } from '../../../text/index.js'
import type { WorldTrack } from '../facts.js'

/** Genres as people speak of them, where it isn't "… music"; and short, as they write. */
const SPOKEN: Readonly<Record<string, string>> = {
  Lullaby: 'lullaby music',
  March: 'marching band music',
  Minimalism: 'minimal music',
  Choral: 'choir music',
  Metal: 'metal',
  'Hip-Hop': 'hip hop',
  House: 'house music',
  Techno: 'techno',
  'Drum and Bass': 'drum and bass',
  Chiptune: 'chiptune music',
  'Bossa Nova': 'bossa nova',
  Synthwave: 'synthwave',
  Reggae: 'reggae',
  Blues: 'blues',
  Jazz: 'jazz',
  Rock: 'rock',
  Funk: 'funk',
}
const SHORT: Readonly<Record<string, string>> = {
  'Drum and Bass': 'dnb',
  'Hip-Hop': 'hiphop',
  Classical: 'classical',
  'Bossa Nova': 'bossa',
}

/** Genres that keep their capital within a sentence. */
const PROPER = /^(celtic|latin|brazilian|african|indian|irish|arabic)/i

/** What kind of music it is, as a noun phrase, as people speak and as they write tags. */
export function genreFacts({ genre, styleName, tags }: WorldTrack): Facts {
  const plain = PROPER.test(genre) ? genre : genre.toLowerCase()
  const others = tags.filter((tag) => /^[a-z0-9&-]{3,14}$/.test(tag))
  return {
    kind: styleName,
    kinds: plural(styleName),
    genre: plain,
    music: SPOKEN[genre] ?? `${plain} music`,
    short: SHORT[genre] ?? plain.toLowerCase(),
    hashtag: genre.toLowerCase().replace(/[^a-z0-9]/g, ''),
    tag: others[0],
    [`is_${genre.toLowerCase().replace(/[^a-z]/g, '')}`]: '',
    dance: tags.some((tag) => /^(dance|club|groove|disco|four on the floor)$/.test(tag)) ? '' : undefined,
    sacred: tags.some((tag) => /^(sacred|church)$/.test(tag)) ? '' : undefined,
    electronic: tags.includes('electronic') ? '' : undefined,
    acoustic: tags.includes('acoustic') && !tags.includes('electronic') ? '' : undefined,
  }
}

/** Of a style's name: "waltzes", "twelve-bar blues". */
function plural(name: string): string {
  if (/(blues|music)$/.test(name)) return name
  if (/(z|x|ch|sh|s)$/.test(name)) return `${name}es`
  return `${name}s`
}
