import type { Catalog, SearchResult } from '../catalog/index.js'
import { printable } from './printable.js'

/**
 * Extended M3U, which has no standard but a convention: UTF-8 (as `.m3u8` promises; `#EXTENC` says so where the file is
 * called `.m3u`), a comment `#EXTINF:seconds,artist - title`, then the path on a line of its own. A path with a line break
 * can't be written and is returned in `skipped`.
 */
export async function playlist(
  results: readonly SearchResult[],
  catalog: Pick<Catalog, 'find'>,
): Promise<{ text: string; written: number; skipped: string[] }> {
  const lines = ['#EXTM3U', '#EXTENC:UTF-8']
  const skipped: string[] = []
  let written = 0
  for (const { trackId, path, artist, title } of results) {
    if (/[\r\n]/.test(path)) {
      skipped.push(path)
      continue
    }
    const name = [artist, title].filter((part) => part !== null && part !== '').join(' - ')
    if (name !== '') {
      const duration = (await catalog.find(trackId))?.duration
      // -1 is the convention for a length that isn't known.
      lines.push(`#EXTINF:${duration === undefined ? -1 : Math.round(duration)},${printable(name)}`)
    }
    lines.push(path)
    written++
  }
  return { text: `${lines.join('\n')}\n`, written, skipped }
}
