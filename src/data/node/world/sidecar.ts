import { Random } from '../../../random/index.js'
import type { Text, TextKind } from '../../pair.js'
import type { WorldPiece } from '../../world/compose-track.js'
import type { WorldArtist, WorldTrack } from '../../world/facts.js'
import { worldTexts } from '../../world/texts.js'
import type { Comments } from '../flac.js'

/** The field of each kind of text: those with one text a piece first. Playlists are files of their own. */
const FIELDS: Readonly<Record<Exclude<TextKind, 'playlist'>, string>> = {
  title: 'title',
  artist: 'artist',
  album: 'album',
  tag: 'tags',
  caption: 'captions',
  situation: 'situations',
  review: 'reviews',
  comment: 'comments',
  article: 'articles',
}
const SINGLE = new Set<TextKind>(['title', 'artist', 'album'])

export interface Sidecar {
  readonly json: string
  readonly comments: Comments
}

/** What stands beside a recording, and inside it: texts by kind, and the facts that they follow from. */
export function sidecarOf({ track }: WorldPiece, artist: WorldArtist, seed: string): Sidecar {
  const texts = worldTexts(track, artist, new Random(`${seed}/texts/${track.id}`))
  const fields: Record<string, unknown> = {}
  for (const [kind, field] of Object.entries(FIELDS) as [TextKind, string][]) {
    const values = texts.filter((text) => text.kind === kind).map(({ value }) => value)
    if (values.length > 0) fields[field] = SINGLE.has(kind) ? values[0] : values
    if (kind === 'album') fields['year'] = track.year
  }
  return {
    json: `${JSON.stringify({ ...fields, facts: track }, null, 1)}\n`,
    comments: comments(track, texts, seed),
  }
}

function comments(track: WorldTrack, texts: readonly Text[], seed: string): Comments {
  const caption = texts.find(({ kind }) => kind === 'caption')
  return {
    title: track.title,
    artist: track.artist,
    album: track.album,
    tracknumber: String(track.number),
    genre: track.genre,
    date: String(track.year),
    bpm: String(track.bpm),
    key: track.key,
    mood: track.moods,
    ...(caption ? { description: caption.value } : {}),
    comment: `Composed by Antiphon: a piece of world ${seed}, style ${track.style}`,
  }
}
