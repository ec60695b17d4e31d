/** After these a full stop ends no sentence. */
const ABBREVIATIONS = new Set(
  (
    'mr mrs ms dr prof st sr jr rev hon gen col sgt capt vs etc eg ie e.g i.e cf ca c approx feat ft no nos vol vols op opp bwv kv hob ' +
    'arr orch perf trad incl excl esp resp dept univ ltd inc corp bros fig ed eds p pp ch jan feb mar apr jun jul aug sep sept oct nov dec'
  ).split(' '),
)
/** Of these only before a number: "No. 5", but "the answer is no." */
const BEFORE_NUMBERS = new Set('no nos vol vols op opp fig p pp ch c ca mar jun sep dec ed'.split(' '))

const LONGEST = 20 // letters of an abbreviation, and more

const CANDIDATE = /(?<![.!?…])[.!?…]+["”’')\]]*\s+/gu

/**
 * Cuts a text into sentences: at lines, and after marks that end one, unless they stand behind an abbreviation ("feat.",
 * "Op. 23"), an initial ("J. S. Bach") or before a small letter. Quotes and brackets close with their sentence.
 * @returns sentences without white space around them, none empty
 */
export function splitSentences(text: string): string[] {
  return text.split(/[\r\n]+/).flatMap(sentencesOfLine)
}

function sentencesOfLine(line: string): string[] {
  const sentences: string[] = []
  let from = 0
  for (const match of line.matchAll(CANDIDATE)) {
    const end = match.index + match[0].trimEnd().length
    const next = line.slice(match.index + match[0].length)
    if (!endsHere(line.slice(from, match.index), match[0], next)) continue
    sentences.push(line.slice(from, end).trim())
    from = end
  }
  sentences.push(line.slice(from).trim())
  return sentences.filter((sentence) => sentence !== '')
}

/** @param mark with what closes behind it */
function endsHere(before: string, mark: string, next: string): boolean {
  const marks = mark.trimEnd()
  if (/^["”’')\]]*[,;:]/u.test(next)) return false
  const startsSmall = /^["“‘'([]*\p{Ll}/u.test(next)
  // Who writes without capitals ends sentences all the same; an ellipsis goes on.
  if (marks.startsWith('…') || /^\.{2,}/.test(marks)) return !startsSmall
  if (!marks.startsWith('.')) return !(startsSmall && /["”’')\]]$/u.test(marks))
  const word = /([\p{L}\p{N}.]+)$/u.exec(before.slice(-LONGEST))?.[1] ?? ''
  const plain = word.toLowerCase()
  if (/^\p{Lu}(?:\.\p{Lu})*$/u.test(word) && word !== 'I') return false // initials, U.S.
  const isNumber = /^["“(]*\d/.test(next)
  if (BEFORE_NUMBERS.has(plain)) return !isNumber
  if (ABBREVIATIONS.has(plain)) return false
  return !startsSmall || !/\p{Changes_When_Lowercased}/u.test(before)
}
