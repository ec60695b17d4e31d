import { AntiphonError } from '../errors/index.js'
import { Random } from '../random/index.js'
import { artistsOf } from './artists.js'
import type { AudioRef, Pair, PartName } from './pair.js'

export type SplitBy = 'track' | 'artist' | 'part'

export interface SplitOptions {
  /**
   * What must not be on two sides. A track never is, nor a file that several sources know as different tracks; nor, by
   * `artist`, two tracks that share one. By `part` it is as the
   * publishers of the data set divided it, artists or not; where they have no part to validate with, it is taken out of theirs
   * to train on. @default 'artist'
   */
  readonly by?: SplitBy
  /** Share of the pairs. @default 0.1 */
  readonly validation?: number
  /** Share of the pairs. @default 0 */
  readonly test?: number
  readonly seed: number
}

export interface Split {
  readonly train: readonly Pair[]
  readonly validation: readonly Pair[]
  readonly test: readonly Pair[]
}

/**
 * Divides pairs into those to train on and those to measure with, tracks (and artists) kept whole: what a model knows of an
 * artist's other tracks would be counted as knowledge of music (the album effect: Flexer & Schnitzer 2010). Groups go by
 * the order of their hashes, so that a split depends on the seed and the tracks, not on the order of the pairs; those in
 * each part keep the order they had. A group too large for what is left of a part is passed by.
 * @throws AntiphonError `usage` where a part that was asked for would be empty
 */
export function split(pairs: readonly Pair[], options: SplitOptions): Split {
  return options.by === 'part' ? splitByPart(pairs, options) : splitByGroup(pairs, options)
}

/** As published. */
function splitByPart(pairs: readonly Pair[], { validation = 0.1, seed }: SplitOptions): Split {
  const of = (part: PartName): Pair[] => pairs.filter(({ track }) => track.part === part)
  const without = pairs.findIndex(({ track }) => track.part === undefined)
  if (without >= 0)
    throw new AntiphonError(
      'usage',
      `The data set does not say which part the track "${pairs[without].track.id}" belongs to; split by artist or track`,
    )
  const parts: Split = { train: of('train'), validation: of('validation'), test: of('test') }
  if (parts.train.length === 0)
    throw new AntiphonError(
      'usage',
      'The data set has no part to train on: it is for tests; split by artist or track',
    )
  assertNoLeak(parts, 'part')
  if (validation === 0 || parts.validation.length > 0) return parts
  const { train, validation: held } = splitByGroup(parts.train, { by: 'artist', validation, seed })
  return { train, validation: held, test: parts.test }
}

function splitByGroup(
  pairs: readonly Pair[],
  { by = 'artist', validation = 0.1, test = 0, seed }: SplitOptions,
): Split {
  if (!(validation >= 0 && test >= 0 && validation + test < 1))
    throw new AntiphonError(
      'usage',
      `validation ${validation} and test ${test} are shares of the pairs, together below 1`,
    )
  const groupOf = groups(pairs, by)
  const sizes = new Map<string, number>()
  for (const group of groupOf) sizes.set(group, (sizes.get(group) ?? 0) + 1)
  const order = [...sizes.keys()]
    .map((group) => ({ group, hash: new Random(`${seed}/${group}`).next() }))
    .sort((a, b) => a.hash - b.hash || (a.group < b.group ? -1 : 1))

  const part = new Map<string, keyof Split>()
  for (const [name, share] of [
    ['test', test],
    ['validation', validation],
  ] as const) {
    const wanted = Math.max(share > 0 ? 1 : 0, Math.round(share * pairs.length))
    let taken = 0
    for (const { group } of order) {
      const size = sizes.get(group)!
      // Nearer to the share with the group than without it.
      if (part.has(group) || taken + size / 2 > wanted) continue
      part.set(group, name)
      taken += size
      if (taken >= wanted) break
    }
  }
  const take = (name: keyof Split): Pair[] =>
    pairs.filter((_, index) => (part.get(groupOf[index]) ?? 'train') === name)
  const parts: Split = { train: take('train'), validation: take('validation'), test: take('test') }
  for (const [name, share] of [
    ['train', 1 - validation - test] as const,
    ['validation', validation] as const,
    ['test', test] as const,
  ])
    if (share > 0 && parts[name].length === 0)
      throw new AntiphonError(
        'usage',
        `No pairs for ${name}: ${pairs.length} pairs of ${sizes.size} ${by}s can't be divided so` +
          (by === 'artist' ? '; try to split by track' : ''),
      )
  assertNoLeak(parts, by)
  return parts
}

/** @throws AntiphonError `failed` naming a track, or by `artist` an artist, that is in two parts; by `part` a file may be */
export function assertNoLeak(parts: Split, by: SplitBy = 'artist'): void {
  const seen = new Map<string, string>()
  for (const [name, pairs] of Object.entries(parts) as [keyof Split, readonly Pair[]][])
    for (const pair of pairs)
      for (const key of keysOf(pair, by)) {
        const other = seen.get(key)
        if (other !== undefined && other !== name)
          throw new AntiphonError('failed', `The ${key} is both in ${other} and in ${name}`)
        seen.set(key, name)
      }
}

/** What ties a pair to others: its track, what is heard and, by artist, each of its artists. */
function keysOf({ audio, track }: Pair, by: SplitBy): string[] {
  const id = `track "${track.id}"`
  if (by === 'part') return [id] // the publishers may cut a recording in pieces for several parts
  const artists = by === 'artist' ? artistsOf(track.artist) : []
  return [id, ...artists.map((name) => `artist "${name}"`), heardAs(audio)]
}

/** Sorts behind the names of tracks and artists: no group is named by the place of a file, which other machines don't have. */
const heardAs = ({ path, bytes }: AudioRef): string =>
  `track heard in "${path}"${bytes ? ` at ${bytes[0]}` : ''}`

/** For each pair the name of its group: pairs that share a key, directly or through others, have the same one. */
function groups(pairs: readonly Pair[], by: SplitBy): string[] {
  const parent = new Map<string, string>()
  const root = (key: string): string => {
    let at = key
    for (let above = parent.get(at)!; above !== at; above = parent.get(at)!) {
      parent.set(at, parent.get(above)!)
      at = above
    }
    return at
  }
  const keys = pairs.map((pair) => keysOf(pair, by))
  for (const key of keys.flat()) parent.set(key, key)
  for (const [first, ...others] of keys)
    for (const other of others) {
      const [a, b] = [root(first), root(other)]
      // The name that comes first, so that it does not depend on the order of the pairs.
      if (a < b) parent.set(b, a)
      else parent.set(a, b)
    }
  return keys.map(([first]) => root(first))
}
