/** Types that are known; a graph may have others. An `entity` is one of which no more is known. */
export const ENTITY_TYPES = [
  'track',
  'artist',
  'album',
  'genre',
  'style',
  'mood',
  'instrument',
  'era',
  'tag',
  'place',
  'label',
  'person',
  'entity',
] as const

export interface RelationKind {
  /** Holds both ways; kept once. */
  readonly symmetric?: boolean
  /** The tail is what the head is like: what similarity and verbalisation count. */
  readonly attribute?: boolean
  /** Types of entities that don't say theirs. */
  readonly head?: string
  readonly tail?: string
}

/** Relations that are known; a graph may have others, which are directed. */
export const RELATIONS: Readonly<Record<string, RelationKind>> = {
  made_by: { tail: 'artist' },
  on_album: { head: 'track', tail: 'album' },
  similar_to: { symmetric: true },
  has_attribute: { attribute: true, tail: 'tag' },
  has_genre: { attribute: true, tail: 'genre' },
  has_style: { attribute: true, tail: 'style' },
  has_mood: { attribute: true, tail: 'mood' },
  has_instrument: { attribute: true, tail: 'instrument' },
  from_era: { attribute: true, tail: 'era' },
  from_place: { tail: 'place' },
  on_label: { tail: 'label' },
  member_of: { head: 'artist', tail: 'artist' },
  influenced_by: { head: 'artist', tail: 'artist' },
}

export const UNKNOWN_TYPE = 'entity'

/** `artist:The Beatles` is the artist named The Beatles. A colon before a space or `//` is part of a name. */
const TYPED = /^([a-z][a-z0-9_-]*):(?!\s|\/\/)(.+)$/su

/** What an id says of its entity. */
export function readId(id: string): { readonly type?: string; readonly name: string } {
  const typed = TYPED.exec(id)
  return typed ? { type: typed[1], name: typed[2] } : { name: id }
}
