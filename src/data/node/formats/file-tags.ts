import { relative, resolve, sep } from 'node:path'
import { audioExtensions, AudioFileError, type AudioTags } from '../../../audio/index.js'
import { DecoderPool, walk } from '../../../audio/node.js'
import { AntiphonError } from '../../../errors/index.js'
import type { Pair, Text, WrongRow } from '../../pair.js'
import type { Format } from '../format.js'
import { readPlaylists } from '../playlists.js'
import { pairOf } from './pairs.js'
import { assertSubset } from './places.js'

const FILES_A_BLOCK = 256
const PROCESSES = 2

/** Music as people have it: what is known of a file stands in the file. */
export const fileTags: Format = {
  id: 'file-tags',
  name: 'Audio files with tags of their own',
  source: 'your own',
  licence: 'yours',
  layout:
    'Audio files in any folders that carry title, artist, album or genre (ID3, Vorbis comments, MP4); a genre is a tag, the title of a playlist (.m3u, .m3u8) that holds it another text. Read so only when it is named.',

  recognises: async () => false, // any folder of music would be this

  async *read(path, { audio = path, signal, ...options }) {
    assertSubset('file-tags', options, [])
    const root = resolve(audio)
    const { files } = await walk([root], new Set(audioExtensions))
    if (files.length === 0) throw new AntiphonError('usage', `There is no audio in ${audio}`)
    const playlists = await readPlaylists(
      path,
      files.map((file) => file.path),
    )
    if (playlists.rows > 0) yield { pairs: [], rows: playlists.rows, wrong: playlists.wrong, withoutText: 0 }
    const pool = new DecoderPool({ processes: PROCESSES })
    try {
      for (let at = 0; at < files.length; at += FILES_A_BLOCK) {
        const block = files.slice(at, at + FILES_A_BLOCK)
        const found: (AudioTags | AudioFileError)[] = []
        const waiting = block.entries()
        const drain = async (): Promise<void> => {
          for (const [i, file] of waiting)
            found[i] = await pool.tags(file.path, { signal }).catch((error: unknown) => {
              if (error instanceof AudioFileError) return error
              throw error
            })
        }
        await Promise.all(Array.from({ length: PROCESSES }, drain))
        const pairs: Pair[] = []
        const wrong: WrongRow[] = []
        let withoutText = 0
        for (const [i, tags] of found.entries()) {
          const file = block[i].path
          const taken =
            tags instanceof AudioFileError
              ? tags
              : pairOfTags(file, tags, { root, listed: playlists.of.get(file) ?? [] })
          if (taken === 'no text' || taken === 'left out') withoutText++
          else if ('reason' in taken) wrong.push({ file, line: 0, reason: taken.reason })
          else pairs.push(taken)
        }
        yield { pairs, rows: block.length, wrong, withoutText }
      }
    } finally {
      await pool.close()
    }
  },
}

const pairOfTags = (
  file: string,
  { title, artist, album, genre = '' }: AudioTags,
  { root, listed }: { readonly root: string; readonly listed: readonly Text[] },
) =>
  pairOf({
    audio: { path: file },
    id: relative(root, file).split(sep).join('/'),
    texts: { tag: genre.split(';'), title, artist, album, playlist: listed.map(({ value }) => value) },
  })
