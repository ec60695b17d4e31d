import { Tiles, type TileOptions, type TileVectors } from './tiles.js'
import { checkSpaces } from './vectors.js'

/**
 * The whole matrix of scores, [queries, items] row by row: for tens or hundreds of queries, such as tags or classes.
 *
 * @throws AntiphonError `shape` where dimensions disagree, `failed` for a vector that isn't of unit length.
 */
export async function scoreMatrix({
  queries,
  items,
  ...options
}: TileVectors & TileOptions): Promise<Float32Array> {
  checkSpaces({ name: 'queries', vectors: queries }, { name: 'items', vectors: items })
  const matrix = new Float32Array(queries.count * items.count)
  if (matrix.length === 0) return matrix
  const tiles = await Tiles.open({ queries, items, ...options })
  try {
    for (let first = 0; first < queries.count; first += tiles.height) {
      const rows = Math.min(tiles.height, queries.count - first)
      tiles.take(Int32Array.from({ length: rows }, (_, row) => first + row))
      for (let tile = 0; tile < tiles.count; tile++) {
        await tiles.score(tile)
        for (let row = 0; row < rows; row++)
          matrix.set(tiles.row(row), (first + row) * items.count + tiles.firstItem(tile))
      }
    }
  } finally {
    await tiles.close()
  }
  return matrix
}
