import type { RankBin } from './report.js'

/** Ends of the bins: 1, 3, 10, 30, 100, … */
function* ends(): Generator<number> {
  for (let decade = 1; ; decade *= 10) {
    yield decade
    yield 3 * decade
  }
}

/** How many queries have their first answer at which rank. Ranks that ties leave between two places are rounded up. */
export function rankBins(ranks: Float64Array, items: number): RankBin[] {
  const bins: RankBin[] = []
  let from = 1
  for (const end of ends()) {
    const to = Math.min(end, items)
    const queries = ranks.reduce(
      (sum, rank) => sum + (Math.ceil(rank) >= from && Math.ceil(rank) <= to ? 1 : 0),
      0,
    )
    bins.push({ from, to, queries })
    if (to >= items) return bins
    from = to + 1
  }
  return bins
}
