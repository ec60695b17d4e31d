/** Keys, metres and tempos that are given exactly. */
const MEASURES: readonly RegExp[] = [
  /(?<!\p{L})[A-G](?:[ -](?:flat|sharp)|[#♯♭b])?[ -](?:major|minor|dorian|phrygian|lydian|mixolydian)(?!\p{L})/gu,
  /(?<![\d/])(?:[2-9]|1[0-5])\/(?:2|4|8|16)(?![\d/])/gu,
  /(?<!\d)\d{2,3} ?(?:bpm|beats per minute)(?!\p{L})/giu,
]

/** "in D flat major", "7/8", "112 bpm": exact things that are said of music, as they stand in a sentence. */
export function measuresIn(sentence: string): string[] {
  return MEASURES.flatMap((pattern) => sentence.match(pattern) ?? [])
}
