import { assertFewWrong } from '../../data/index.js'
import type { TestSet } from '../../evaluate/index.js'
import type { Contender } from './contender.js'

export interface Readable {
  /** Items that not every contender could read: left out for all, so that all search the same pool. */
  readonly dropped: ReadonlySet<number>
  readonly unreadable: readonly { readonly path: string; readonly reason: string }[]
  /** Of each contender the vectors of the items that are left. */
  readonly audio: readonly (readonly (readonly Float32Array[])[])[]
}

/** @throws AntiphonError `failed` where more than one in twenty can't be read */
export function readable(contenders: readonly Contender[], { items }: TestSet): Readable {
  const dropped = new Map<number, string>()
  for (const { audio } of contenders)
    for (const [item, found] of audio.entries())
      if ('reason' in found && !dropped.has(item)) dropped.set(item, found.reason)
  const unreadable = [...dropped]
    .sort(([a], [b]) => a - b)
    .map(([item, reason]) => ({ path: items[item].audio.path, reason }))
  assertFewWrong(
    unreadable.map(({ path, reason }) => ({ file: path, line: 0, reason })),
    { total: items.length, what: 'audio files' },
  )
  return {
    dropped: new Set(dropped.keys()),
    unreadable,
    audio: contenders.map(({ audio }) =>
      audio.flatMap((found, item) => ('reason' in found || dropped.has(item) ? [] : [found])),
    ),
  }
}
