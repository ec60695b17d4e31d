import { meets, type Condition } from './filter.js'
import type { Batch, Failure, Hit, Moment, NearestOptions, Store, StoreCounts } from './store.js'
import type { Track } from './track.js'
import { dot, trackVector } from './vector.js'

/**
 * A store that lives and dies with the process and compares with everything: for short-lived catalogs, for the browser,
 * and what other stores are tested against.
 */
export class MemoryStore implements Store {
  readonly dim: number
  readonly #tracks = new Map<string, Track>()
  readonly #moments = new Map<string, readonly Moment[]>()
  readonly #failures = new Map<string, Failure>()

  constructor({ dim }: { dim: number }) {
    this.dim = dim
  }

  async put({
    contents = [],
    removed = [],
    tracks = [],
    resolved = [],
    failures = [],
  }: Batch): Promise<void> {
    for (const { content, moments } of contents) this.#moments.set(content, moments)
    for (const trackId of removed) this.#tracks.delete(trackId)
    for (const track of tracks) this.#tracks.set(track.trackId, track)
    for (const path of resolved) this.#failures.delete(path)
    for (const failure of failures) this.#failures.set(failure.path, failure)
  }

  async remove(trackIds: readonly string[]): Promise<void> {
    await this.put({ removed: trackIds })
  }

  async tracks(where: readonly Condition[] = []): Promise<Track[]> {
    return [...this.#tracks.values()].filter((track) => meets(track, where)).sort(byPath)
  }

  async find(trackIdOrPath: string): Promise<Track | undefined> {
    return (
      this.#tracks.get(trackIdOrPath) ??
      [...this.#tracks.values()].find((track) => track.path === trackIdOrPath)
    )
  }

  async failures(): Promise<Failure[]> {
    return [...this.#failures.values()].sort(byPath)
  }

  async contents(): Promise<Set<string>> {
    return new Set(this.#moments.keys())
  }

  async moments(content: string): Promise<Moment[]> {
    return [...(this.#moments.get(content) ?? [])]
  }

  async trackVectors(contents: readonly string[]): Promise<Map<string, Float32Array>> {
    const known = contents.filter((content) => this.#moments.has(content))
    return new Map(known.map((content) => [content, trackVector(this.#moments.get(content)!)]))
  }

  async nearest(vector: Float32Array, options: NearestOptions): Promise<Hit[]> {
    return this.#ranked(options, (track) => bestMoment(track, this.#moments.get(track.content) ?? [], vector))
  }

  async nearestTracks(vector: Float32Array, options: NearestOptions): Promise<Hit[]> {
    return this.#ranked(options, (track) => {
      const moments = this.#moments.get(track.content) ?? []
      const best = bestMoment(track, moments, vector)
      return best && { ...best, cosine: dot(vector, trackVector(moments)) }
    })
  }

  async sample(of: 'moments' | 'tracks', size: number): Promise<Float32Array[]> {
    const all = [...this.#moments.values()].flatMap((moments) =>
      of === 'moments' ? moments.map((moment) => moment.vector) : [trackVector(moments)],
    )
    return evenly(all.length, size).map((index) => all[index])
  }

  async counts(): Promise<StoreCounts> {
    const tracks = [...this.#tracks.values()]
    return {
      tracks: tracks.length,
      moments: [...this.#moments.values()].reduce((sum, moments) => sum + moments.length, 0),
      contents: this.#moments.size,
      audioSeconds: tracks.reduce((sum, track) => sum + track.duration, 0),
      vectorIndex: 'exact',
    }
  }

  async tidy(): Promise<void> {
    const used = new Set([...this.#tracks.values()].map((track) => track.content))
    for (const content of this.#moments.keys()) if (!used.has(content)) this.#moments.delete(content)
  }

  async close(): Promise<void> {}

  #ranked({ limit, where = [], without }: NearestOptions, hit: (track: Track) => Hit | undefined): Hit[] {
    return [...this.#tracks.values()]
      .filter((track) => track.trackId !== without && meets(track, where))
      .map(hit)
      .filter((found) => found !== undefined)
      .sort(byCosine)
      .slice(0, limit)
  }
}

/** The best first; equals by path, so that an answer is the same every time. */
export function byCosine(a: Hit, b: Hit): number {
  return b.cosine - a.cosine || byPath(a.track, b.track)
}

export function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0
}

/** At most `size` indices of `count`, evenly spread. */
export function evenly(count: number, size: number): number[] {
  const taken = Math.min(count, size)
  return Array.from({ length: taken }, (_, i) => Math.floor((i * count) / taken))
}

function bestMoment(track: Track, moments: readonly Moment[], vector: Float32Array): Hit | undefined {
  let best: Hit | undefined
  for (const { start, end, vector: own } of moments) {
    const cosine = dot(vector, own)
    if (!best || cosine > best.cosine) best = { track, start, end, cosine }
  }
  return best
}
