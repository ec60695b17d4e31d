import { clean, distinct, joined, problem } from '../../formats/texts.js'
import {
  TEXT_KINDS,
  type AudioRef,
  type Pair,
  type PairSet,
  type PartName,
  type Text,
  type TextKind,
  type TrackInfo,
} from '../../pair.js'
import type { Row, RowBlock } from './rows.js'

/** What becomes of a row: a pair, audio that nothing is said of, a row that was not asked for, or one that is wrong. */
export type Taken = Pair | 'no text' | 'left out' | { readonly reason: string }

/** Makes pairs of rows, block by block. */
export async function* pairsOf(
  blocks: AsyncIterable<RowBlock>,
  take: (row: Row, file: string) => Taken,
): AsyncGenerator<PairSet, void, void> {
  for await (const { file, rows, wrong: found } of blocks) {
    const pairs: Pair[] = []
    const wrong = [...found]
    let leftOut = 0
    let withoutText = 0
    for (const row of rows) {
      const taken = take(row, file)
      if (taken === 'left out') leftOut++
      else if (taken === 'no text') withoutText++
      else if ('reason' in taken) wrong.push({ file, line: row.line, reason: taken.reason })
      else pairs.push(taken)
    }
    wrong.sort((a, b) => a.line - b.line)
    yield { pairs, rows: rows.length - leftOut + found.length, wrong, withoutText }
  }
}

export interface Said {
  readonly audio: AudioRef
  /** Of a track. */
  readonly id: string
  readonly part?: PartName
  /** As the row has them: cleaned here, empty ones left out. */
  readonly texts: Partial<Record<TextKind, string | readonly string[] | undefined>>
  /** Of the track, where the row knows it by another word than a name, such as an id. @default the texts of this kind */
  readonly artist?: string
  readonly album?: string
}

/** A pair of what a row says. */
export function pairOf({ audio, id, part, texts: said, ...known }: Said): Taken {
  const texts: Text[] = []
  for (const kind of TEXT_KINDS) {
    const values = said[kind]
    if (values === undefined) continue
    for (const raw of typeof values === 'string' ? [values] : values) {
      const value = clean(raw)
      if (value === '') continue
      const reason = problem(value)
      if (reason) return { reason: `${kind}: ${reason}` }
      texts.push({ kind, value })
    }
  }
  if (texts.length === 0) return 'no text'
  const artist = known.artist ?? joined(texts, 'artist')
  const album = known.album ?? joined(texts, 'album')
  const title = joined(texts, 'title')
  const track: TrackInfo = {
    id,
    ...(artist && { artist }),
    ...(album && { album }),
    ...(title && { title }),
    ...(part && { part }),
  }
  return { audio, texts: texts.length === 1 ? texts : distinct(texts), track }
}

/** A field of a row as a string, clean; empty where there is none. */
export function fieldOf({ values }: Row, name: string): string {
  const value = values[name]
  if (typeof value === 'string') return clean(value)
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : ''
}
