import type { KnowledgeGraphBuilder } from '../../knowledge/builder.js'
import {
  ENTITY,
  TARGET,
  type MusicBrainzCredit,
  type MusicBrainzNamed,
  type MusicBrainzRelation,
  type MusicBrainzValue,
} from './musicbrainz-schema.js'

/** Entities that are read, and what they are in a graph. A release is its group: an album, not one of its printings. */
const TYPES = {
  artist: 'artist',
  'release-group': 'album',
  release: 'album',
  recording: 'track',
  label: 'label',
  area: 'place',
  place: 'place',
  work: 'work',
  series: 'series',
  event: 'event',
  instrument: 'instrument',
} as const

export type MusicBrainzEntity = keyof typeof TYPES

export const MUSICBRAINZ_ENTITIES = Object.keys(TYPES) as MusicBrainzEntity[]

/** Relations of MusicBrainz that are those of our graphs; others keep their name, with `_` for spaces. */
const RELATION_NAMES: Readonly<Record<string, string>> = {
  'member of band': 'member_of',
  'influenced by': 'influenced_by',
}

/** Artists that stand for nobody: https://musicbrainz.org/doc/Style/Unknown_and_untitled/Special_purpose_artist */
const NOBODY = new Set([
  '89ad4ac3-39f7-470e-963a-56509c546377', // Various Artists
  '125ec42a-7229-4250-afc5-e057484327fe', // [unknown]
])

/** Puts MusicBrainz' JSON into a graph: entities by MBID (`artist:b10bbbfc-…`), tags and genres by name with their counts. */
export class MusicBrainzReader {
  readonly #builder: KnowledgeGraphBuilder

  constructor(builder: KnowledgeGraphBuilder) {
    this.#builder = builder
  }

  /**
   * An entity, or a response of the web service with a list of them.
   * @param kind what it is; by default what its fields look like
   * @returns how many there were, and what is wrong with those that are
   */
  add(value: unknown, kind?: MusicBrainzEntity): { rows: number; reason: string[] } {
    const list = listIn(value)
    if (list === undefined) {
      const reason = this.#addOne(value, kind)
      return { rows: 1, reason: reason === undefined ? [] : [reason] }
    }
    const reasons = list.values.map((one, index) => {
      const reason = this.#addOne(one, list.kind ?? kind)
      return reason === undefined ? undefined : `${list.name}[${index}]: ${reason}`
    })
    return { rows: reasons.length, reason: reasons.filter((reason) => reason !== undefined) }
  }

  #addOne(value: unknown, kind = kindOf(value)): string | undefined {
    const { success, data, error } = ENTITY.safeParse(value)
    if (!success) {
      const [{ path, message }] = error.issues
      return path.length === 0 ? message : `${path.join('.')}: ${message}`
    }
    if (kind === undefined)
      return 'it does not look like an artist, a release group, a release, a recording or a label'
    const id = this.#named(kind, kind === 'release' ? (data['release-group'] ?? data) : data)
    if (kind !== 'release')
      this.#builder.entity(id, { aliases: data.aliases?.map(({ name }) => name).filter(Boolean) })
    this.#tags(id, data)
    this.#era(id, kind, data)
    this.#madeBy(id, data['artist-credit'])
    if (data.area) this.#builder.relate(id, 'from_place', this.#named('area', data.area))
    for (const { label } of data['label-info'] ?? [])
      if (label) this.#builder.relate(id, 'on_label', this.#named('label', label))
    for (const release of data.releases ?? [])
      if (kind === 'recording')
        this.#builder.relate(id, 'on_album', this.#named('release', release['release-group'] ?? release))
    for (const { recording } of data.media?.flatMap(({ tracks }) => tracks ?? []) ?? []) {
      if (!recording) continue
      const track = this.#named('recording', recording)
      this.#builder.relate(track, 'on_album', id)
      this.#madeBy(track, recording['artist-credit'])
    }
    for (const relation of data.relations ?? []) this.#relation(id, kind, relation)
    return undefined
  }

  #named(kind: MusicBrainzEntity, { id, name, title }: MusicBrainzNamed): string {
    const entity = `${TYPES[kind]}:${id}`
    this.#builder.entity(entity, { name: name || title || undefined })
    return entity
  }

  #madeBy(id: string, credit: MusicBrainzCredit | null | undefined): void {
    for (const { artist } of credit ?? [])
      if (!NOBODY.has(artist.id)) this.#builder.relate(id, 'made_by', this.#named('artist', artist))
  }

  #tags(id: string, { genres, tags }: MusicBrainzValue): void {
    const names = new Set(genres?.map(({ name }) => name))
    for (const { name, count } of genres ?? [])
      if ((count ?? 1) > 0) this.#builder.relate(id, 'has_genre', `genre:${name}`, count ?? 1)
    // Genres are among the tags too.
    for (const { name, count } of tags ?? [])
      if (!names.has(name) && (count ?? 1) > 0)
        this.#builder.relate(id, 'has_attribute', `tag:${name}`, count ?? 1)
  }

  #era(id: string, kind: MusicBrainzEntity, data: MusicBrainzValue): void {
    // The life of a person begins before any music.
    const founded = kind === 'artist' && data.type !== 'Person' ? data['life-span']?.begin : undefined
    const date = data['first-release-date'] || data.date || founded
    const decade = /^(\d{3})\d/.exec(date ?? '')?.[1]
    if (decade !== undefined) this.#builder.relate(id, 'from_era', `era:${decade}0s`)
  }

  #relation(id: string, kind: MusicBrainzEntity, relation: MusicBrainzRelation): void {
    const { type, direction, attributes } = relation
    // `release_group` is the type, `release_group` or `release-group` the field, by version.
    const target = (relation['target-type'] ?? '').replaceAll('_', '-')
    if (!isEntity(target)) return // a link to a web page, most of all
    const { success, data } = TARGET.safeParse(relation[target] ?? relation[target.replaceAll('-', '_')])
    if (!success || NOBODY.has(data.id)) return
    const other = this.#named(target, data)
    const name = RELATION_NAMES[type] ?? type.replace(/\s+/g, '_')
    const [head, tail] = direction === 'backward' ? [other, id] : [id, other]
    this.#builder.relate(head, name, tail)
    // Who plays what on a recording is an attribute of the recording too.
    const track = kind === 'recording' ? id : target === 'recording' ? other : undefined
    if (type === 'instrument' && track !== undefined)
      for (const instrument of attributes ?? [])
        this.#builder.relate(track, 'has_instrument', `instrument:${instrument}`)
  }
}

const isEntity = (name: string): name is MusicBrainzEntity => Object.hasOwn(TYPES, name)

/** Of a search or browse: `{ count, offset, artists: […] }`. */
function listIn(value: unknown): { name: string; kind?: MusicBrainzEntity; values: unknown[] } | undefined {
  if (Array.isArray(value)) return { name: '', values: value }
  if (typeof value !== 'object' || value === null || 'id' in value) return undefined
  for (const kind of MUSICBRAINZ_ENTITIES) {
    const name = `${kind}s`
    const values = (value as Record<string, unknown>)[name]
    if (Array.isArray(values)) return { name, kind, values }
  }
  return undefined
}

/** Fields that every entity of a kind has, and no other kind. */
function kindOf(value: unknown): MusicBrainzEntity | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const has = (...names: string[]): boolean => names.some((name) => name in value)
  if (has('primary-type', 'primary-type-id', 'secondary-types')) return 'release-group'
  if (has('media', 'release-group', 'barcode', 'text-representation', 'status')) return 'release'
  if (has('isrcs', 'video', 'length')) return 'recording'
  if (has('label-code')) return 'label'
  if (has('sort-name') && has('gender', 'ipis', 'isnis', 'country', 'life-span', 'begin-area'))
    return 'artist'
  return undefined
}
