/** A stretch of a text: its first letter, and the one behind the last. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

/** A query of similarity, taken apart. */
export interface TurnOfQuery {
  /** Where the turn begins: what is before says what the music should be like. */
  readonly from: number
  /** What it should have more and less of. */
  readonly more: readonly Stretch[]
  readonly less: readonly Stretch[]
}

type Kind = 'more' | 'less'

interface Mark {
  readonly kind: Kind
  /** Words of it. */
  readonly length: number
  /** Whether a comma ends what it is said of: "instead of piano, guitar". */
  readonly short?: boolean
}

const MOST_PARTS = 8
const TURNS = new Set(['but', 'only', 'just', 'though', 'yet'])
const JOINS = new Set(['and', 'or', 'but'])
const LESS = new Set([
  'less',
  'fewer',
  'no',
  'without',
  'minus',
  'never',
  'nothing',
  'not',
  'except',
  'instead',
])
const MORE = new Set(['more', 'with'])
/** How much, which no vector of words tells: "a bit more jazz", "not so loud", "instead of the piano". */
const DEGREES = new Set(
  'much slightly somewhat far even way rather lots bit little lot touch tad tiny whole a'.split(' '),
)
const AFTER = new Set('so as too that quite much like of for the a an any want have need'.split(' '))
/** What says nothing by itself. */
const FILLERS = new Set([...DEGREES, ...AFTER, ...JOINS, ...'i it please also maybe still'.split(' ')])
/** What is asked for, after something that is not. */
const COMPARATIVE =
  /ier$|^(faster|slower|calmer|louder|softer|quieter|darker|brighter|lighter|warmer|harder|deeper|sadder|longer|shorter|older|newer|rougher|smoother|cleaner|stronger|richer|better|bigger)$/

/**
 * Finds the turn that follows a name: "similar to Norah Jones but more jazz and without drums" asks for more jazz and less
 * drums. It begins with a word such as "but", or right behind the name or a comma with "more", "with", "less", "without".
 * Words of names are no turn.
 * @param names in their order; `until` is where what belongs to one ends, as who made it
 * @returns undefined where there is none
 */
export function turnOfQuery(
  text: string,
  names: readonly (Stretch & { readonly until?: number })[],
): TurnOfQuery | undefined {
  if (names.length === 0) return undefined
  const words = [...text.matchAll(/[^\s,;]+/g)].map(({ 0: word, index }) => ({
    from: index,
    to: index + word.length,
  }))
  const isNamed = ({ from }: Stretch): boolean =>
    names.some(({ from: first, to, until = to }) => from >= first && from < until)
  // Of names nothing is a sign.
  const plain = words.map((word) =>
    isNamed(word) ? '' : text.slice(word.from, word.to).toLowerCase().replace(EDGES, ''),
  )
  const isBehind = (at: number): boolean =>
    isNamed(words[at - 1]) || /[,;(]/.test(text.slice(words[at - 1].to, words[at].from + 1))
  const first = words.findIndex(
    ({ from }, at) =>
      at > 0 &&
      from >= names[0].to &&
      (TURNS.has(plain[at]) || (isBehind(at) && markAt(plain, at) !== undefined)),
  )
  if (first < 0) return undefined
  const found: Record<Kind, Stretch[]> = { more: [], less: [] }
  for (let at = first, parts = 0; at < words.length && parts < MOST_PARTS; parts++) {
    if (TURNS.has(plain[at]) || JOINS.has(plain[at])) at++
    const mark: Mark = markAt(plain, at) ?? { kind: 'more', length: 0 }
    let begin = (at += mark.length)
    while (at < words.length && (at === begin || !endsAt(at, mark))) at++
    let end = at
    while (begin < end && FILLERS.has(plain[begin])) begin++
    while (begin < end && FILLERS.has(plain[end - 1])) end--
    const part = begin < end ? trimmed(text, { from: words[begin].from, to: words[end - 1].to }) : undefined
    if (part) found[mark.kind].push(part)
  }
  return found.more.length + found.less.length > 0 ? { from: words[first].from, ...found } : undefined

  /** Whether a part ends before a word: "more jazz | and less drums", "without drums | but faster", "more jazz. | Also". */
  function endsAt(at: number, { kind, short }: Mark): boolean {
    if (TURNS.has(plain[at]) || '.!?'.includes(text[words[at - 1].to - 1])) return true
    if (short && /[,;]/.test(text.slice(words[at - 1].to, words[at].from))) return true
    const next = JOINS.has(plain[at]) ? at + 1 : at
    if (markAt(plain, next) !== undefined) return true
    return kind === 'less' && at !== next && COMPARATIVE.test(plain[next] ?? '')
  }
}

const EDGES = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu

/** The words that say whether there should be more or less of what follows, and how many they are. */
function markAt(plain: readonly string[], from: number): Mark | undefined {
  let at = from
  if (plain[at] === 'with') at++
  while (DEGREES.has(plain[at])) at++
  const word = plain[at] ?? ''
  // "with or without", "more or less", "no one"
  if ([plain[from - 1], word, plain[at + 1]].includes('or') || (word === 'no' && plain[at + 1] === 'one'))
    return undefined
  const isOnly = word === 'not' && plain[at + 1] === 'only'
  const isLess = !isOnly && (LESS.has(word) || /n['’]t$/.test(word))
  if (!isLess && !isOnly && !MORE.has(word))
    return plain[from] === 'with' ? { kind: 'more', length: at - from } : undefined
  at += isOnly ? 2 : 1
  while (AFTER.has(plain[at])) at++
  return { kind: isLess ? 'less' : 'more', length: at - from, short: word === 'instead' }
}

/** Without quotes, brackets and full stops around it; undefined where nothing is left. */
function trimmed(text: string, { from, to }: Stretch): Stretch | undefined {
  const said = text.slice(from, to)
  const start = said.search(/[\p{L}\p{N}]/u)
  return start < 0
    ? undefined
    : { from: from + start, to: from + said.replace(/[^\p{L}\p{N}]+$/u, '').length }
}
