import { TEXT_KINDS, type Text, type TextKind, type TrackInfo } from './pair.js'

/** What a file beside an audio file says of it. */
export interface Sidecar {
  readonly texts: readonly Text[]
  readonly track: Omit<TrackInfo, 'id'>
  readonly rows: number
  readonly wrong: readonly { readonly line: number; readonly reason: string }[]
}

/**
 * The fields that are read, under the names they have in common formats: `text` and `tag` as in LAION's audio data sets,
 * `description`, `keywords`, `genre`, `moods` and `instrument` as in audiocraft's music metadata, `aspect_list` as in
 * MusicCaps. Other fields may hold what they like.
 */
const FIELDS: Readonly<Record<string, TextKind>> = {
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
}

/** Longer than any article about a track: a file that is something else. */
const MAX_LENGTH = 20_000

/** A caption a line; blank lines are none. */
export function parseTextSidecar(text: string): Sidecar {
  const texts: Text[] = []
  const wrong: { line: number; reason: string }[] = []
  let rows = 0
  for (const [index, raw] of text.split(/\r\n|\n|\r/).entries()) {
    const value = clean(raw)
    if (value === '') continue
    rows++
    const reason = problem(value)
    if (reason) wrong.push({ line: index + 1, reason })
    else texts.push({ kind: 'caption', value })
  }
  return { texts: distinct(texts), track: {}, rows, wrong }
}

/**
 * A JSON object. A field is a string, a list of strings, or of objects with a `caption`, `text` or `name`; tags in one
 * string are separated by commas or semicolons. Each field that is read is a row.
 */
export function parseJsonSidecar(text: string): Sidecar {
  let json: unknown
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    const { message } = error as Error
    return refused(lineOfError(text, message), `not JSON (${message.replace(/ in JSON at position.*/, '')})`)
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return refused(1, 'not a JSON object with fields such as captions, tags, title')
  const texts: Text[] = []
  const wrong: { line: number; reason: string }[] = []
  let rows = 0
  for (const [field, value] of Object.entries(json)) {
    const kind = Object.hasOwn(FIELDS, field.toLowerCase()) ? FIELDS[field.toLowerCase()] : undefined
    if (kind === undefined || value === null) continue
    rows++
    const values = stringsOf(value, kind)
    const reason = values ? values.map(problem).find((found) => found) : shapeProblem(field, value)
    if (reason) wrong.push({ line: lineOfField(text, field), reason })
    else texts.push(...values!.map((found) => ({ kind, value: found })))
  }
  const joined = (kind: TextKind): string | undefined =>
    texts
      .filter((found) => found.kind === kind)
      .map((found) => found.value)
      .join('; ') || undefined
  const [artist, album, title] = [joined('artist'), joined('album'), joined('title')]
  return {
    texts: distinct(texts),
    track: { ...(artist && { artist }), ...(album && { album }), ...(title && { title }) },
    rows,
    wrong,
  }
}

/** Each text once, by kind, in the order in which they were found. */
export function distinct(texts: readonly Text[]): Text[] {
  const seen = new Map<string, Text>()
  for (const text of texts) {
    const key = `${text.kind} ${text.value.toLowerCase()}`
    if (!seen.has(key)) seen.set(key, text)
  }
  return [...seen.values()].sort((a, b) => TEXT_KINDS.indexOf(a.kind) - TEXT_KINDS.indexOf(b.kind))
}

function stringsOf(value: unknown, kind: TextKind): string[] | undefined {
  if (typeof value === 'string') {
    const parts = kind === 'tag' ? value.split(/[,;]/) : [value]
    return parts.map(clean).filter((part) => part !== '')
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

const clean = (text: string): string => text.replace(/[\s\uFEFF]+/g, ' ').trim()

function problem(value: string): string | undefined {
  if (/[\u0000-\u001f\u007f\uFFFD]/.test(value)) return 'it holds characters that are no text'
  if (value.length > MAX_LENGTH) return `${value.length} characters, expected at most ${MAX_LENGTH}`
  return undefined
}

function shapeProblem(field: string, value: unknown): string {
  const found = Array.isArray(value) ? 'a list of other things' : `a ${typeof value}`
  return `${JSON.stringify(field)} is ${found}, expected a string or a list of strings`
}

const refused = (line: number, reason: string): Sidecar => ({
  texts: [],
  track: {},
  rows: 1,
  wrong: [{ line, reason }],
})

/** V8 says `position N` where it knows one; else the text ended too early. */
function lineOfError(text: string, message: string): number {
  const position = /position (\d+)/.exec(message)
  return lineAt(text, position ? Number(position[1]) : text.trimEnd().length)
}

function lineOfField(text: string, field: string): number {
  const name = JSON.stringify(field).replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
  return lineAt(text, Math.max(0, text.search(new RegExp(`${name}\\s*:`))))
}

const lineAt = (text: string, position: number): number => text.slice(0, position).split('\n').length
