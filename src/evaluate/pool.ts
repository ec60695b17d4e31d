import type { Pair } from '../data/index.js'
import { AntiphonError } from '../errors/index.js'
import { Random } from '../random/index.js'

/**
 * The pairs of so many tracks, drawn by the hashes of their ids: which ones does not depend on the order of the pairs.
 * @throws AntiphonError `usage` where there are fewer
 */
export function drawPool(pairs: readonly Pair[], tracks: number, name: string): Pair[] {
  const ids = [...new Set(pairs.map(({ track }) => track.id))]
  if (ids.length < tracks)
    throw new AntiphonError(
      'usage',
      `The protocol "${name}" searches ${tracks} tracks, and the part of the data that it measures with has ${ids.length}`,
    )
  const drawn = ids
    .map((id) => ({ id, hash: new Random(`pool/${id}`).next() }))
    .sort((a, b) => a.hash - b.hash || (a.id < b.id ? -1 : 1))
    .slice(0, tracks)
  const wanted = new Set(drawn.map(({ id }) => id))
  return pairs.filter(({ track }) => wanted.has(track.id))
}
