import { largest } from '../listening/item-similarity.js'
import type { KnowledgeGraph } from '../knowledge/graph.js'
import { KnowledgeGraphBuilder } from '../knowledge/builder.js'
import { Random } from '../../random/index.js'
import { TRAITS, type WorldArtist, type WorldTrack } from './facts.js'

/** Artists that each is said to be similar to: at least, and at most where more are nearly as near. */
const SIMILAR = { least: 5, most: 10, near: 0.85 }
/** How much of similarity is manner; the rest is what the tracks have in common. */
const MANNER = 0.3
/** People don't agree on who is similar: the deviation of what they say. */
const OPINION = 0.02
/** Years that lie between an artist and those it learnt from. */
const GENERATION = 8
/** An artist has what this share of its tracks has. */
const TYPICAL = 0.3

export const trackEntity = (id: string): string => `track:${id}`
export const artistEntity = (name: string): string => `artist:${name}`
export const albumEntity = (artist: string, album: string): string => `album:${artist}/${album}`

/**
 * The world's knowledge graph: tracks, artists and albums, what they sound like, and which artists are similar. That follows
 * from their sound alone: tags of their tracks (shares, weighed by how few artists have them) and their manner; one in two of
 * those similar who came a generation before is named as an influence. The same facts and seed give the same graph.
 */
export function worldGraph(
  tracks: Iterable<WorldTrack>,
  artists: Iterable<WorldArtist>,
  { seed }: { readonly seed: number },
): KnowledgeGraph {
  const builder = new KnowledgeGraphBuilder()
  const profiles = new Map<string, Profile>()
  for (const artist of artists) {
    builder.entity(artistEntity(artist.name))
    profiles.set(artist.name, { artist, tracks: 0, attributes: new Map() })
  }
  for (const track of tracks) {
    const profile = profiles.get(track.artist)
    if (profile === undefined)
      throw new RangeError(`Track "${track.id}" is by "${track.artist}", who is not among the artists`)
    profile.tracks++
    const id = trackEntity(track.id)
    const album = albumEntity(track.artist, track.album)
    builder.entity(id, { name: track.title })
    builder.entity(album, { name: track.album })
    builder.relate(id, 'made_by', artistEntity(track.artist))
    builder.relate(id, 'on_album', album)
    builder.relate(album, 'made_by', artistEntity(track.artist))
    for (const [relation, tail, name] of attributesOf(track)) {
      builder.entity(tail, { name })
      builder.relate(id, relation, tail)
      const known = profile.attributes.get(tail)
      if (known) known.count++
      else profile.attributes.set(tail, { relation, count: 1 })
    }
  }
  const known = [...profiles.values()].filter((profile) => profile.tracks > 0)
  for (const { artist, tracks: total, attributes } of known)
    for (const [tail, { relation, count }] of attributes)
      if (count >= TYPICAL * total)
        builder.relate(artistEntity(artist.name), relation, tail, rounded(count / total))
  for (const { one, other, similarity, isNear, rng } of similarArtists(known, seed)) {
    builder.relate(artistEntity(one.name), 'similar_to', artistEntity(other.name), rounded(similarity))
    if (isNear && one.years[0] - other.years[0] >= GENERATION && rng.chance(0.5))
      builder.relate(artistEntity(one.name), 'influenced_by', artistEntity(other.name), rounded(similarity))
  }
  return builder.build()
}

interface Profile {
  readonly artist: WorldArtist
  tracks: number
  /** By entity: in how many tracks. */
  readonly attributes: Map<string, { readonly relation: string; count: number }>
}

type Attribute = readonly [relation: string, tail: string, name: string]

/** Relations of a track to what it sounds like: the relation, the entity's id and its name. Tags that say no more are left out. */
function attributesOf(track: WorldTrack): Attribute[] {
  const { production } = track
  const named: readonly Attribute[] = [
    ['has_style', `style:${track.style}`, track.styleName],
    ['has_genre', `genre:${track.genre}`, track.genre],
    ...track.moods.map((mood): Attribute => ['has_mood', `mood:${mood}`, mood]),
    ...track.instruments.map(({ name }): Attribute => ['has_instrument', `instrument:${name}`, name]),
    ['from_era', `era:${production.era}`, production.era],
  ]
  const said = new Set(named.map(([, , name]) => name.toLowerCase()))
  const tags = new Set([track.tempo, production.room, ...production.words, ...track.tags])
  const others = [...tags].filter((tag) => !said.has(tag.toLowerCase()))
  return [...named, ...others.map((tag): Attribute => ['has_attribute', `tag:${tag}`, tag])]
}

interface SimilarPair {
  readonly one: WorldArtist
  readonly other: WorldArtist
  readonly similarity: number
  /** Nearly as near as the nearest. */
  readonly isNear: boolean
  readonly rng: Random
}

/** For each artist the nearest ones; a pair may come twice, once from each side. */
function* similarArtists(profiles: readonly Profile[], seed: number): Generator<SimilarPair> {
  const holders = new Map<string, { readonly artist: number; readonly share: number }[]>()
  profiles.forEach(({ attributes, tracks }, artist) => {
    for (const [tail, { count }] of attributes) {
      const holder = { artist, share: count / tracks }
      const others = holders.get(tail)
      if (others) others.push(holder)
      else holders.set(tail, [holder])
    }
  })
  const rarity = (tail: string): number => Math.log(1 + profiles.length / holders.get(tail)!.length)
  const norms = profiles.map(({ attributes, tracks }) =>
    Math.sqrt(
      [...attributes].reduce((sum, [tail, { count }]) => sum + ((count / tracks) * rarity(tail)) ** 2, 0),
    ),
  )
  const manners = Float32Array.from(
    profiles.flatMap(({ artist }) => TRAITS.map((trait) => artist.manner[trait])),
  )
  const similarities = new Float64Array(profiles.length)
  for (const [index, { artist: one, attributes, tracks }] of profiles.entries()) {
    similarities.fill(0)
    for (const [tail, { count }] of attributes) {
      const weight = (count / tracks) * rarity(tail) ** 2
      for (const { artist, share } of holders.get(tail)!) similarities[artist] += weight * share
    }
    const rng = new Random(`${seed}/similar/${one.name}`)
    for (let other = 0; other < profiles.length; other++) {
      const tags = similarities[other] / (norms[index] * norms[other])
      const similarity =
        (1 - MANNER) * tags + MANNER * mannerLikeness(manners, index, other) + OPINION * rng.gauss()
      similarities[other] = Math.min(1, Math.max(0.001, similarity))
    }
    const others = Uint32Array.from(profiles.keys()).filter((other) => other !== index)
    const nearest = [...largest(others, similarities, SIMILAR.most)]
    for (const [place, other] of nearest.entries()) {
      const similarity = similarities[other]
      const isNear = similarity >= SIMILAR.near * similarities[nearest[0]]
      if (isNear || place < SIMILAR.least)
        yield { one, other: profiles[other].artist, similarity, isNear, rng }
    }
  }
}

/** 1 for the same manner, 0 for opposite ones. */
function mannerLikeness(manners: Float32Array, one: number, other: number): number {
  const traits = TRAITS.length
  let apart = 0
  for (let trait = 0; trait < traits; trait++)
    apart += Math.abs(manners[one * traits + trait] - manners[other * traits + trait])
  return 1 - apart / (2 * traits)
}

/** Three digits, so that a file of it is short; never 0. */
const rounded = (weight: number): number => Math.max(0.001, Math.round(weight * 1000) / 1000)
