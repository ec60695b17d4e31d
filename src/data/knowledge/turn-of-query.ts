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

interface Word extends Stretch {
  readonly plain: string
}

const TURNS = new Set(['but', 'only', 'just', 'though', 'yet', 'except'])
const JOINS = new Set(['and', 'but'])
const LESS = new Set(['less', 'fewer', 'no', 'without'])
/** How much, which no vector of words tells: "a bit more jazz". */
const DEGREES = new Set(['much', 'slightly', 'somewhat', 'far', 'even', 'way', 'rather'])
const AMOUNTS = new Set(['bit', 'little', 'lot', 'touch'])
/** "not so loud" */
const AFTER_NOT = new Set(['so', 'as', 'too', 'that', 'quite'])

/**
 * Finds the turn that follows a name: "similar to Norah Jones but more jazz and without drums" asks for more jazz and less
 * drums. Words of names are no turn. Linear in the text.
 * @param names in their order
 * @returns undefined where there is none
 */
export function turnOfQuery(text: string, names: readonly Stretch[]): TurnOfQuery | undefined {
  if (names.length === 0) return undefined
  const inName = ({ from }: Stretch): boolean => names.some((name) => from >= name.from && from < name.to)
  const words = [...text.matchAll(/[^\s,;]+/g)].map(({ 0: word, index }): Word => ({
    plain: word.toLowerCase().replace(/[.!?]+$/, ''),
    from: index,
    to: index + word.length,
  }))
  // In a name nothing is a sign.
  const plain = words.map((word) => (inName(word) ? '' : word.plain))
  const first = words.findIndex(
    ({ from }, at) => from >= names[0].to && (TURNS.has(plain[at]) || markAt(plain, at) !== undefined),
  )
  if (first < 0) return undefined
  const found = { more: [] as Stretch[], less: [] as Stretch[] }
  let at = TURNS.has(plain[first]) ? first + 1 : first
  while (at < words.length) {
    const { kind, length } = markAt(plain, at) ?? { kind: 'more', length: 0 }
    const begin = (at += length)
    while (at < words.length && (at === begin || !endsAt(plain, at))) at++
    const part = trimmed(text, {
      from: words[begin]?.from ?? 0,
      to: begin < words.length ? words[at - 1].to : 0,
    })
    if (part.to > part.from) found[kind].push(part)
    if (JOINS.has(plain[at])) at++
  }
  return found.more.length + found.less.length > 0 ? { from: words[first].from, ...found } : undefined
}

/** Whether a part of a turn ends before a word: "more jazz | and less drums", "more jazz | without drums". */
function endsAt(plain: readonly string[], at: number): boolean {
  return markAt(plain, JOINS.has(plain[at]) ? at + 1 : at) !== undefined
}

/** The words that say whether there should be more or less of what follows, and how many they are. */
function markAt(
  plain: readonly string[],
  from: number,
): { readonly kind: 'more' | 'less'; readonly length: number } | undefined {
  let at = from
  if (plain[at] === 'a' && AMOUNTS.has(plain[at + 1])) at += 2
  else while (DEGREES.has(plain[at])) at++
  if (plain[at] === 'with' && (plain[at + 1] === 'more' || LESS.has(plain[at + 1]))) at++
  const kind = plain[at] === 'not' || LESS.has(plain[at]) ? 'less' : 'more'
  if (kind === 'more' && plain[at] !== 'more' && plain[at] !== 'with') return undefined
  const extra =
    (plain[at] === 'more' && plain[at + 1] === 'like') ||
    (plain[at] === 'not' && AFTER_NOT.has(plain[at + 1]))
  return { kind, length: at - from + (extra ? 2 : 1) }
}

function trimmed(text: string, { from, to }: Stretch): Stretch {
  let end = to
  while (end > from && '.!?'.includes(text[end - 1])) end--
  return { from, to: end }
}
