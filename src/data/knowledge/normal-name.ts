/** Letters that NFKD leaves as they are. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  ŋ: 'n',
}

/**
 * A name without what people leave out or get wrong: case, accents, punctuation, "the" before or after ("Beatles, The"), and
 * "&" for "and". What stands between digits or letters without space, as in "AC/DC" or "N.W.A", is left out too.
 * A name of nothing but such ("!!!") is kept, without its spaces.
 */
export function normalName(name: string): string {
  const plain = /^[\w\s]*$/.test(name)
    ? name.toLowerCase()
    : name
        .normalize('NFKD')
        .replace(/\p{M}+/gu, '')
        .toLowerCase()
        .replace(/[ßæœøłđðþıŋ]/g, (letter) => LETTERS[letter])
        .replace(/\s*[&+]\s*(?=\p{L})/gu, ' and ')
        .replace(/[^\p{L}\p{N}\s]*\s[^\p{L}\p{N}]*/gu, ' ')
        .replace(/[-–—_]+/g, ' ')
        .replace(/[^\p{L}\p{N}\s]+/gu, '')
  const words = plain.split(/[\s_]+/).filter((word) => word !== '')
  if (words.length === 0) return name.toLowerCase().replace(/\s+/g, '')
  if (words.length > 1 && words[0] === 'the') words.shift()
  if (words.length > 1 && words[words.length - 1] === 'the') words.pop()
  return words.join(' ')
}
