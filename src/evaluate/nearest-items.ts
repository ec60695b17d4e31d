import { Tiles, type TileOptions, type TileVectors } from './tiles.js'
import { checkSpaces } from './vectors.js'

/**
 * The k nearest items of every query, nearest first, of equal ones the first item first; fewer where there are fewer items.
 * Memory holds a tile of the scores.
 *
 * @returns [queries, min(k, items)] row by row
 * @throws AntiphonError `shape` where dimensions disagree, `failed` for a vector that isn't of unit length.
 */
export async function nearestItems({
  queries,
  items,
  k,
  ...options
}: TileVectors & TileOptions & { k: number }): Promise<Int32Array> {
  checkSpaces({ name: 'queries', vectors: queries }, { name: 'items', vectors: items })
  const most = Math.min(k, items.count)
  const nearest = new Int32Array(queries.count * most)
  if (nearest.length === 0) return nearest
  const tiles = await Tiles.open({ queries, items, ...options })
  const best = new Float32Array(tiles.height * most)
  try {
    for (let first = 0; first < queries.count; first += tiles.height) {
      const rows = Math.min(tiles.height, queries.count - first)
      tiles.take(Int32Array.from({ length: rows }, (_, row) => first + row))
      best.fill(-Infinity)
      for (let tile = 0; tile < tiles.count; tile++) {
        await tiles.score(tile)
        for (let row = 0; row < rows; row++) {
          const scores = best.subarray(row * most, (row + 1) * most)
          if (tiles.compare(row, scores[most - 1]) < 65_536) continue // none above the last of them
          const found = nearest.subarray((first + row) * most, (first + row + 1) * most)
          keepBest(tiles.row(row), tiles.firstItem(tile), { scores, items: found })
        }
      }
    }
  } finally {
    await tiles.close()
  }
  return nearest
}

/** Takes up the scores of a row that are above the lowest of the best, which stand in descending order. */
function keepBest(
  row: Float32Array,
  firstItem: number,
  { scores, items }: { scores: Float32Array; items: Int32Array },
): void {
  const last = scores.length - 1
  let lowest = scores[last]
  for (let column = 0; column < row.length; column++) {
    const score = row[column]
    if (!(score > lowest)) continue
    let at = last
    for (; at > 0 && scores[at - 1] < score; at--) {
      scores[at] = scores[at - 1]
      items[at] = items[at - 1]
    }
    scores[at] = score
    items[at] = firstItem + column
    lowest = scores[last]
  }
}
