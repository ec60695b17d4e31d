import { measuresIn } from './measures.js'
import type { Entry, Reading, Term, Token } from './terms.js'

const MOST_WORDS = 5
/** Words before one of music that tell how it is, although no table has them: "lilting", "fuzzy". */
const ADJECTIVE = /^\p{L}{2,}(?:ing|ed|y|ic|al|ous|ful|ive|less|ish|like|ant|ent|est)$/u
/** They look like it, and are none. */
const NO_ADJECTIVE = new Set(
  (
    'any many only very really hardly nearly simply mostly partly finally slightly usually early family they by my ' +
    'being having going doing making using playing featuring including during nothing something everything anything king ' +
    'need indeed used based called named played sung followed joined supported accompanied backed arranged scored written ' +
    'released recorded described want went present moment instrument excellent different final actual several total'
  ).split(' '),
)
const NEGATION = new Set(['no', 'without', 'lacks', 'lacking', 'zero'])
/** After these a word is denied in a way that no short phrase says. */
const DOUBT = new Set(
  "not never hardly neither isnt isn’t isn't wasn't wasn’t barely nothing than".split(' '),
)

/** Mostly verbs: "it sounds sad". */
const VERBS = new Set(['sound', 'sounds', 'hum', 'whisper', 'scream', 'drop', 'build-up'])

type Denial = 'no' | 'doubt'

/** Words that may stand between a denial and what is denied. */
const BETWEEN = new Set('a an any the other much get gets so too really very is be'.split(' '))

interface Run {
  readonly from: number
  readonly to: number
  readonly terms: readonly Term[]
}

/**
 * Short phrases of a sentence that say what is heard: "softly brushed drums", "minor key", "112 bpm"; what is denied with its
 * "no". None twice; a word that means other things as often is none by itself.
 */
export function aspectsIn(reading: Reading): string[] {
  const found = new Map<string, string>()
  const add = (aspect: string): void => void found.set(aspect.toLowerCase(), aspect)
  const measures = measuresIn(reading.text)
  const denied = new Map<number, Denial>() // runs by their end
  for (const run of runsOf(reading)) {
    const isDenied = denies(reading, run, denied)
    if (isDenied) denied.set(run.to, isDenied)
    if (isDenied === 'doubt') continue
    const phrase = phraseOf(reading, run)
    if (phrase === undefined || measures.some((measure) => measure.toLowerCase().endsWith(` ${phrase}`)))
      continue
    add(isDenied === 'no' ? `no ${phrase}` : phrase)
  }
  for (const measure of measures) add(measure)
  return [...found.values()]
}

/** Words of music that stand side by side, with what tells how they are before them. */
function runsOf({ tokens, terms }: Reading): Run[] {
  const runs: Run[] = []
  let open: { from: number; to: number; terms: Term[] } | undefined
  for (const term of terms) {
    if (!isOfAspects(term.entry)) continue
    const goesOn = open && (!isNoun(open.terms.at(-1)!.entry) || isNoun(term.entry))
    if (open && goesOn && open.to === term.from && tokens[term.from].joined) {
      open.terms.push(term)
      open.to = term.to
      continue
    }
    let { from } = term
    while (from > (open?.to ?? 0) && tokens[from].joined && isAdjective(tokens[from - 1])) from--
    // An adjective may join two runs: "slow lilting waltz".
    if (open && goesOn && open.to === from && from < term.from && tokens[from].joined) {
      open.terms.push(term)
      open.to = term.to
    } else runs.push((open = { from, to: term.to, terms: [term] }))
  }
  return runs
}

/** Behind a thing that is heard only another one goes on: "guitar riff", but not "the riffs slow and heavy". */
function isNoun({ roles, group }: Entry): boolean {
  return (
    roles.has('sound') ||
    roles.has('thing') ||
    group === 'instrument' ||
    group === 'voice' ||
    group === 'genre'
  )
}

const isAdjective = ({ text }: Token): boolean => ADJECTIVE.test(text) && !NO_ADJECTIVE.has(text)

function isOfAspects({ name, roles, group }: Entry): boolean {
  if (roles.has('elsewhere') || (roles.has('does') && !roles.has('quality'))) return false
  if (VERBS.has(name)) return false
  return (
    group !== 'situation' &&
    (roles.has('music') || roles.has('sound') || roles.has('quality') || roles.has('thing'))
  )
}

/** What a run says of sound, shorter where it is long; undefined where it says none. */
function phraseOf({ text, tokens }: Reading, { from, to, terms }: Run): string | undefined {
  const says = terms.some((term) => isMusic(term) || isHeardSomehow(terms, term) || term.to - term.from > 1)
  if (!says || to - from > 2 * MOST_WORDS) return undefined
  const first = Math.max(from, to - MOST_WORDS)
  return text
    .slice(tokens[first].from, tokens[to - 1].to)
    .toLowerCase()
    .replace(/^(?:an?|the) /, '')
}

/** A word of music that means nothing else: not "song", nor "soft" alone. */
const isMusic = ({ entry: { roles, loose } }: Term): boolean => !loose && roles.has('music')

/** A thing that is heard, and how: "hushed refrain", "country song". */
function isHeardSomehow(terms: readonly Term[], { entry }: Term): boolean {
  const isHeard = entry.roles.has('sound') || entry.roles.has('thing')
  return isHeard && terms.some((other) => other.entry !== entry && !other.entry.roles.has('thing'))
}

/** Whether a phrase is denied: by the words before it, or by being listed behind one that is ("no piano or vocals"). */
function denies(
  { tokens, text }: Reading,
  { from }: Run,
  denied: ReadonlyMap<number, Denial>,
): Denial | undefined {
  for (let at = from; at > 0 && at > from - 3; at--) {
    const { text: word } = tokens[at - 1]
    if (/[.;:!?—–]/.test(text.slice(tokens[at - 1].to, tokens[at].from))) return undefined
    if (NEGATION.has(word)) return 'no'
    if (DOUBT.has(word)) return 'doubt'
    if (word === 'or' || word === 'nor') return denied.get(at - 1)
    if (!BETWEEN.has(word)) return undefined
  }
  return undefined
}
