import { TEXT_KINDS, type PartName, type Text, type TextKind } from '../pair.js'

/** What a field of a row can be: texts of a kind, or the part that the row belongs to. */
export type FieldKind = TextKind | 'part'

/**
 * The fields that are read, under the names they have in common formats: `text` and `tag` as in LAION's audio data sets,
 * `description`, `keywords`, `genre`, `moods` and `instrument` as in audiocraft's music metadata, `aspect_list` as in
 * MusicCaps. Other fields may hold what they like.
 */
const FIELDS: Readonly<Record<string, FieldKind>> = {
  caption: 'caption',
  captions: 'caption',
  description: 'caption',
  descriptions: 'caption',
  text: 'caption',
  texts: 'caption',
  tag: 'tag',
  tags: 'tag',
  keywords: 'tag',
  aspect_list: 'tag',
  genre: 'tag',
  genres: 'tag',
  mood: 'tag',
  moods: 'tag',
  instrument: 'tag',
  instruments: 'tag',
  title: 'title',
  artist: 'artist',
  artists: 'artist',
  album: 'album',
  situation: 'situation',
  situations: 'situation',
  review: 'review',
  reviews: 'review',
  comment: 'comment',
  comments: 'comment',
  article: 'article',
  articles: 'article',
  paragraph: 'article',
  paragraphs: 'article',
  playlist: 'playlist',
  playlists: 'playlist',
  part: 'part',
  split: 'part',
}

const PARTS: Readonly<Record<string, PartName>> = {
  train: 'train',
  training: 'train',
  validation: 'validation',
  valid: 'validation',
  val: 'validation',
  dev: 'validation',
  test: 'test',
  testing: 'test',
  eval: 'test',
  evaluation: 'test',
}

/** Longer than any article about a track: a field that is something else. */
const MAX_LENGTH = 20_000

export function kindOfField(name: string): FieldKind | undefined {
  const key = name.toLowerCase()
  return Object.hasOwn(FIELDS, key) ? FIELDS[key] : undefined
}

/** The part that people call so: `valid`, `val` and `dev` are one. */
export function partNamed(name: string): PartName | undefined {
  const key = name.trim().toLowerCase()
  return Object.hasOwn(PARTS, key) ? PARTS[key] : undefined
}

/** White space is one blank, none around; a byte order mark is white space. */
export function clean(text: string): string {
  return /[\t-\r\u00a0\uFEFF\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\u1680]|^ | $| {2}/.test(text)
    ? text.replace(/[\s\uFEFF]+/g, ' ').trim()
    : text
}

/** Why a text can't be one; it is clean. */
export function problem(value: string): string | undefined {
  if (/[\u0000-\u001f\u007f\uFFFD]/.test(value)) return 'it holds characters that are no text'
  if (value.length > MAX_LENGTH) return `${value.length} characters, expected at most ${MAX_LENGTH}`
  return undefined
}

/**
 * The texts of a field, clean, empty ones left out: a string, a list of strings, or of objects with a `caption`, `text` or
 * `name`; tags in one string are separated by commas or semicolons. Undefined for another shape.
 */
export function stringsOf(value: unknown, kind: FieldKind): string[] | undefined {
  if (typeof value === 'string') {
    if (kind === 'tag') return value.split(/[,;]/).map(clean).filter(Boolean)
    const text = clean(value)
    return text === '' ? [] : [text]
  }
  if (!Array.isArray(value)) return undefined
  const strings: string[] = []
  for (const entry of value as unknown[]) {
    const found = typeof entry === 'string' ? entry : stringIn(entry)
    if (found === undefined) return undefined
    if (clean(found) !== '') strings.push(clean(found))
  }
  return strings
}

function stringIn(entry: unknown): string | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined
  const { caption, text, name } = entry as Record<string, unknown>
  return [caption, text, name].find((found) => typeof found === 'string')
}

/** What is wrong with the shape of a field that is not taken. */
export function shapeProblem(field: string, value: unknown): string {
  const found = Array.isArray(value) ? 'a list of other things' : `a ${typeof value}`
  return `${JSON.stringify(field)} is ${found}, expected a string or a list of strings`
}

/** What is wrong with a name of a part that is none. */
export function partProblem(field: string, name: string): string {
  return `${JSON.stringify(field)} is ${JSON.stringify(name)}, expected train, validation or test`
}

/** From here on a table is quicker than looking at all that were found. */
const FEW = 32

const RANK: Readonly<Record<string, number>> = Object.fromEntries(
  TEXT_KINDS.map((kind, rank) => [kind, rank]),
)

/** Each text once, by kind, in the order in which they were found. */
export function distinct(texts: readonly Text[]): Text[] {
  if (texts.length > FEW) {
    const seen = new Map<string, Text>()
    for (const text of texts) {
      const key = `${text.kind} ${text.value.toLowerCase()}`
      if (!seen.has(key)) seen.set(key, text)
    }
    return [...seen.values()].sort((a, b) => RANK[a.kind] - RANK[b.kind])
  }
  const found: Text[] = []
  const lower: string[] = []
  for (const text of texts) {
    const value = text.value.toLowerCase()
    let at = found.length
    while (at > 0 && (found[at - 1].kind !== text.kind || lower[at - 1] !== value)) at--
    if (at > 0) continue
    let place = found.length
    while (place > 0 && RANK[found[place - 1].kind] > RANK[text.kind]) place--
    if (place === found.length) {
      found.push(text)
      lower.push(value)
    } else {
      found.splice(place, 0, text)
      lower.splice(place, 0, value)
    }
  }
  return found
}

/** All texts of a kind in one, as a track's artists are named: `Ann; Ben`. */
export function joined(texts: readonly Text[], kind: TextKind): string | undefined {
  let all: string | undefined
  for (const text of texts)
    if (text.kind === kind) all = all === undefined ? text.value : `${all}; ${text.value}`
  return all
}
