import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { AntiphonError } from '../../errors/index.js'
import { modelGate } from '../../model/index.js'
import type { SearchOptions, SearchResponse, SearchResult } from '../catalog.js'
import { parseFilter } from '../filter.js'
import { audioMatch, mixtureMatch, standing, textMatch } from '../match.js'
import { queryVector } from '../query-vector.js'
import type { Hit, NearestOptions, Store } from '../store.js'
import type { Track } from '../track.js'
import { dot, mean, trackVector } from '../vector.js'
import { vocabulary } from '../vocabulary.js'
import type { AudioFiles } from './audio-files.js'
import type { CatalogModel } from './catalog-model.js'
import { embedTrack } from './embed-track.js'
import type { LibraryBackground } from './library-background.js'
import type { Space } from './manifest.js'

const DEFAULT_LIMIT = 10

export interface LibrarySearchOptions {
  readonly store: Store
  readonly space: Space
  readonly model: CatalogModel
  readonly background: LibraryBackground
  /** Opens what reads audio files; asked for files that the catalog does not know. */
  readonly audioFiles: () => AudioFiles
}

/** Answers from a store and a model of its space. */
export class LibrarySearch {
  readonly #options: LibrarySearchOptions

  constructor(options: LibrarySearchOptions) {
    this.#options = options
  }

  async search(query: string, { like, more, less, ...options }: SearchOptions): Promise<SearchResponse> {
    const { store, space, background } = this.#options
    const nearest = nearestOptions(options)
    const model = await this.#options.model.ofSpace(space)
    const liked = like === undefined ? undefined : await this.#vectorOf(like)
    const wanted = [query, ...(more === undefined ? [] : [more].flat())]
    const texts = await model.embedText([...wanted, ...(less === undefined ? [] : [less])])
    const sample = await background.sample('moments', store)
    const { vector, spread, deviation } = queryVector(
      {
        text: texts[0],
        like: liked?.vector,
        more: texts.slice(1, wanted.length),
        less: texts.at(wanted.length),
      },
      sample.vectors,
    )
    const hits = await store.nearest(vector, { ...nearest, without: liked?.track?.trackId })
    const usualOf = await background.background('moments', store, model)
    const matchOf = liked
      ? (cosine: number) => mixtureMatch(cosine, usualOf.ofAudio(vector), deviation)
      : (cosine: number) => textMatch(cosine, usualOf.ofText(vector), model.matchScale * spread)
    return respond(query, space, hits, matchOf)
  }

  async similar(
    trackOrFile: string,
    options: Pick<SearchOptions, 'limit' | 'where'>,
  ): Promise<SearchResponse> {
    const { store, space, background } = this.#options
    const nearest = nearestOptions(options)
    const { vector, track } = await this.#vectorOf(trackOrFile)
    const hits = await store.nearestTracks(vector, { ...nearest, without: track?.trackId })
    const { vectors } = await background.sample('tracks', store)
    const usual = dot(vector, Float32Array.from(mean(vectors, store.dim)))
    return respond(trackOrFile, space, hits, (cosine) => audioMatch(cosine, usual))
  }

  async tags(
    trackOrFile: string,
    options: Pick<SearchOptions, 'limit'>,
  ): Promise<{ tag: string; match: number; cosine: number }[]> {
    const { store, space, background } = this.#options
    const { limit } = nearestOptions(options)
    const { vector } = await this.#vectorOf(trackOrFile)
    const model = await this.#options.model.ofSpace(space)
    const usualOf = await background.background('tracks', store, model)
    const texts = await background.vocabulary(model)
    return vocabulary
      .map((tag, i) => ({ tag, cosine: dot(texts[i], vector), usual: usualOf.ofText(texts[i]) }))
      .sort((a, b) => standing(b.cosine, b.usual) - standing(a.cosine, a.usual))
      .slice(0, limit)
      .map(({ tag, cosine, usual }) => ({ tag, match: textMatch(cosine, usual, model.matchScale), cosine }))
  }

  /** The vector of a track, or of any audio file, which is embedded on the spot. */
  async #vectorOf(trackOrFile: string): Promise<{ vector: Float32Array; track?: Track }> {
    const { store, space, audioFiles } = this.#options
    const track = await findTrack(store, trackOrFile)
    if (track) {
      const vector = (await store.trackVectors([track.content])).get(track.content)
      if (vector) return { vector, track }
    }
    const path = resolve(trackOrFile)
    const isFile = await stat(path).then(
      (found) => found.isFile(),
      () => false,
    )
    if (!isFile)
      throw new AntiphonError(
        'usage',
        `No track "${trackOrFile}" (expected a track id, the path of a track in the catalog, or an audio file)`,
      )
    const model = await this.#options.model.ofSpace(space)
    const moments = await embedTrack(path, { audioFiles: audioFiles(), model, gate: modelGate(1) })
    return { vector: trackVector(moments) }
  }
}

/** By id, by path as it is written, or by path from here. */
export async function findTrack(store: Store, trackOrPath: string): Promise<Track | undefined> {
  return (await store.find(trackOrPath)) ?? (await store.find(resolve(trackOrPath)))
}

/** Errors: `usage`. */
function nearestOptions({
  limit = DEFAULT_LIMIT,
  where,
}: Pick<SearchOptions, 'limit' | 'where'>): NearestOptions {
  if (!Number.isInteger(limit) || limit <= 0)
    throw new AntiphonError('usage', `The limit ${limit} is not a whole number above 0`)
  return { limit, where: where === undefined ? [] : parseFilter(where) }
}

function respond(
  query: string,
  { model, spaceId }: Space,
  hits: readonly Hit[],
  match: (cosine: number) => number,
): SearchResponse {
  const results = hits.map(({ track, start, end, cosine }, i): SearchResult => ({
    rank: i + 1,
    trackId: track.trackId,
    path: track.path,
    artist: track.artist ?? null,
    title: track.title ?? null,
    album: track.album ?? null,
    start,
    end,
    match: match(cosine),
    cosine,
  }))
  return { query, model, spaceId, results }
}
