import type { WorldTrack } from '../../src/data/index.js'
import { Random } from '../../src/random/index.js'
import type { Pool } from './system.js'

/** Tags that are asked for at once, and the tracks that have all of them. */
export interface TagQuery {
  readonly tags: readonly string[]
  /** Numbers of tracks. */
  readonly answers: readonly number[]
}

const LEAST_TRACKS = 5 // fewer make an average precision by chance

/** Each tag by itself that enough of the pool's tracks have, and not all. */
export function everyTag({ tracks }: Pick<Pool, 'tracks'>): TagQuery[] {
  return [...new Set(tracks.flatMap(({ tags }) => tags))]
    .map((tag) => ({
      tags: [tag],
      answers: [...tracks.keys()].filter((track) => tracks[track].tags.includes(tag)),
    }))
    .filter(({ answers }) => answers.length >= LEAST_TRACKS && answers.length < tracks.length)
}

export interface TagQueriesOptions {
  /** Tags of a query. */
  readonly size: number
  /** @default 100 */
  readonly most?: number
  /** Tracks that answer, at least. @default 3 */
  readonly least?: number
  readonly seed?: number
}

const TRIES_EACH = 100 // of a pool where such tags are rare

/**
 * Different sets of tags that some tracks have together, drawn by seed. Each tag tells something that the others don't:
 * without it more tracks would answer. One that most tracks have is not asked for.
 */
export function tagQueries(
  tracks: readonly Pick<WorldTrack, 'tags'>[],
  { size, most = 100, least = 3, seed = 1 }: TagQueriesOptions,
): TagQuery[] {
  const random = new Random(`tag queries/${size}/${seed}`)
  const having = (tags: readonly string[]): number[] =>
    [...tracks.keys()].filter((track) => tags.every((tag) => tracks[track].tags.includes(tag)))
  const queries = new Map<string, TagQuery>()
  for (let tries = 0; tries < most * TRIES_EACH && queries.size < most; tries++) {
    const tags = random.shuffle(random.pick(tracks).tags).slice(0, size)
    const name = [...tags].sort().join('\n')
    if (tags.length < size || queries.has(name)) continue
    const answers = having(tags)
    if (answers.length < least || 2 * answers.length > tracks.length) continue
    const eachTells = tags.every(
      (tag) => having(tags.filter((other) => other !== tag)).length > answers.length,
    )
    if (eachTells) queries.set(name, { tags, answers })
  }
  return [...queries.values()]
}
