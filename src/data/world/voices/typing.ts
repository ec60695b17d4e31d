import type { Random } from '../../../random/index.js'

/** How carelessly people type: of each word. */
const TYPO = 0.05
const LOWER = 0.75
const SHOUT = 0.06

const SLANG: readonly (readonly [RegExp, string])[] = [
  [/\byou're\b/g, 'ur'],
  [/\byou\b/g, 'u'],
  [/\bare\b/g, 'r'],
  [/\bplease\b/g, 'pls'],
  [/\bbecause\b/g, 'cuz'],
  [/\bthough\b/g, 'tho'],
  [/\bthis\b/g, 'dis'],
]
const SLANG_EACH = 0.2

/** A text as it is typed in a hurry. Words of names stay as they are spelt; what they say stays, too. */
export function typed(text: string, names: readonly string[], random: Random): string {
  const kept = new Set(names.flatMap((name) => name.toLowerCase().split(/\s+/)))
  let result = text
  for (const [pattern, short] of SLANG) if (random.chance(SLANG_EACH)) result = result.replace(pattern, short)
  if (names.every((name) => !result.includes(name))) {
    if (random.chance(SHOUT)) return result.toUpperCase()
    if (random.chance(LOWER)) result = result.toLowerCase()
  }
  return result
    .split(' ')
    .map((word) => (kept.has(word.toLowerCase()) || !random.chance(TYPO) ? word : slip(word, random)))
    .join(' ')
}

/** Two letters swapped, one left out or one struck twice, inside of a word. */
function slip(word: string, random: Random): string {
  if (!/^[a-z]{5,}$/.test(word)) return word
  const at = random.int(1, word.length - 3)
  const [before, here, next, after] = [word.slice(0, at), word[at], word[at + 1], word.slice(at + 2)]
  return random.pick([
    before + next + here + after,
    before + next + after,
    before + here + here + next + after,
  ])
}
