import type { ListeningMatrix } from './matrix.js'

/** What `antiphon data check` says of listening. */
export interface ListeningSummary {
  readonly users: number
  readonly items: number
  /** Pairs of a user and an item. */
  readonly entries: number
  /** Share of all pairs that have a count, 0 to 1. */
  readonly density: number
  readonly plays: number
  readonly count: Spread
  readonly itemsOfUser: Spread
  readonly usersOfItem: Spread
  /** Share of the plays that the most played tenth of the items has. */
  readonly topTenth: number
}

export interface Spread {
  readonly least: number
  readonly median: number
  readonly most: number
}

export function describeListening(matrix: ListeningMatrix): ListeningSummary {
  const { users, items, byUser, byItem, entries } = matrix
  const plays = matrix.popularity('plays').sort()
  const sum = plays.reduce((total, count) => total + count, 0)
  const top = plays.subarray(plays.length - Math.ceil(plays.length / 10))
  return {
    users: users.size,
    items: items.size,
    entries,
    density: entries === 0 ? 0 : entries / (users.size * items.size),
    plays: sum,
    count: spread(byUser.value),
    itemsOfUser: spread(lengths(byUser.start)),
    usersOfItem: spread(lengths(byItem.start)),
    topTenth: sum === 0 ? 0 : top.reduce((total, count) => total + count, 0) / sum,
  }
}

/** Of an even number the median is the lower of the middle two. */
export function spread(values: Uint32Array): Spread {
  const sorted = values.slice().sort()
  return {
    least: sorted[0] ?? 0,
    median: sorted[(sorted.length - 1) >> 1] ?? 0,
    most: sorted[sorted.length - 1] ?? 0,
  }
}

const lengths = (start: Uint32Array): Uint32Array =>
  Uint32Array.from({ length: start.length - 1 }, (_, i) => start[i + 1] - start[i])
