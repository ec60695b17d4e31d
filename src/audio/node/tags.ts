import type { AudioTags } from '../track.js'

/** Tags of a file; a file that has none, or whose tags are damaged, gives none. */
export async function tags(path: string): Promise<AudioTags> {
  const { parseFile } = await import('music-metadata')
  const parsed = await parseFile(path, { skipCovers: true, duration: false }).catch(() => undefined)
  if (!parsed) return {}
  const { common } = parsed
  const title = clean(common.title)
  const artist = clean(common.artist) ?? clean(common.artists?.join(', ')) ?? clean(common.albumartist)
  const album = clean(common.album)
  const genre = clean(common.genre?.join('; '))
  const year = common.year
  return {
    ...(title && { title }),
    ...(artist && { artist }),
    ...(album && { album }),
    ...(genre && { genre }),
    ...(year && Number.isInteger(year) && year > 0 && { year }),
  }
}

const clean = (text: string | undefined): string | undefined => text?.replaceAll('\0', '').trim() || undefined
