import { createReadStream } from 'node:fs'
import type { AudioTags } from '../track.js'
import type { AudioFile } from './protocol.js'

/** Tags of a file; a file that has none, or whose tags are damaged, gives none. */
export async function tags({ path, bytes }: AudioFile): Promise<AudioTags> {
  const { parseFile, parseStream } = await import('music-metadata')
  const options = { skipCovers: true, duration: false }
  const parsing = bytes
    ? parseStream(
        createReadStream(path, { start: bytes[0], end: bytes[1] - 1 }),
        { size: bytes[1] - bytes[0] },
        options,
      )
    : parseFile(path, options)
  const parsed = await parsing.catch(() => undefined)
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
