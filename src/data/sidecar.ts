import {
  clean,
  distinct,
  joined,
  kindOfField,
  partNamed,
  partProblem,
  problem,
  shapeProblem,
  stringsOf,
} from './formats/texts.js'
import type { PartName, Text, TrackInfo } from './pair.js'

/** What a file beside an audio file says of it. */
export interface Sidecar {
  readonly texts: readonly Text[]
  readonly track: Omit<TrackInfo, 'id'>
  readonly rows: number
  readonly wrong: readonly { readonly line: number; readonly reason: string }[]
}

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
 * A JSON object, its fields as in `formats/texts.ts`: texts, and the part of the data set (`part`, `split`). Each field that
 * is read is a row.
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
  let part: PartName | undefined
  let rows = 0
  for (const [field, value] of Object.entries(json)) {
    const kind = kindOfField(field)
    if (kind === undefined || value === null) continue
    rows++
    const values = stringsOf(value, kind)
    let reason = values ? values.map(problem).find((found) => found) : shapeProblem(field, value)
    if (!reason && kind === 'part' && values!.length > 0) {
      part = values!.length === 1 ? partNamed(values![0]) : undefined
      if (!part) reason = partProblem(field, values!.join(', '))
    }
    if (reason) wrong.push({ line: lineOfField(text, field), reason })
    else if (kind !== 'part') texts.push(...values!.map((found) => ({ kind, value: found })))
  }
  const [artist, album, title] = [joined(texts, 'artist'), joined(texts, 'album'), joined(texts, 'title')]
  return {
    texts: distinct(texts),
    track: {
      ...(artist && { artist }),
      ...(album && { album }),
      ...(title && { title }),
      ...(part && { part }),
    },
    rows,
    wrong,
  }
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
