import type { TrackInfo } from './pair.js'

/**
 * What other data may call a track, the surest first: its id; the id without the folders and the name of the source before it
 * (`audio/Norah Jones/Sunrise`, `Norah Jones/Sunrise`, `Sunrise`), as data sets name the same tracks in tables and in folders.
 */
export function itemNames({ id }: Pick<TrackInfo, 'id'>): string[] {
  const parts = id.split('/')
  return parts.map((_, from) => parts.slice(from).join('/'))
}
